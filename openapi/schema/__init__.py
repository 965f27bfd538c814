"""Schemas: the tree of places, the keywords, and the oracle that validates instances."""
