"""The record of a run, and everything that people look at, drawn from the record alone."""
