"""Bodies: a value carried to its place, with the least or the most around it."""
