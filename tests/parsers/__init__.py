"""Parsers that this project did not write: the reference for what a standard server reads."""
