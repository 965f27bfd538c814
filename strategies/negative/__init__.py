"""Negative cases: values and bodies that violate exactly one rule."""
