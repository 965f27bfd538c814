"""The suite: it sends cases to a target, judges every exchange, and writes the record of the run."""

VERSION = "0.1.0"
