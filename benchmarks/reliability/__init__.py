"""Fault-injection bed: the suite's command line against a server that fails on purpose, and the table of what it does."""
