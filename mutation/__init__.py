"""Mutation testing: change one operator of the code at a time, and see whether the nearest tests notice."""
