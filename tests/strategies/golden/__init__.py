"""Golden files: all cases of small descriptions, written down so that a person can review them."""
