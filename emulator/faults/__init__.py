"""Planted deviations, by name."""
