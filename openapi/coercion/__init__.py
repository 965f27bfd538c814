"""What standard parsers read although no description admits it: a generated table, and the decision that follows from it."""
