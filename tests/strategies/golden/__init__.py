"""Golden files: all that small descriptions lead to, written down so that a person can review it."""
