"""Harnesses of real clients, none of which is written here, and the command that tests all of them."""
