"""Checks of this project's own language."""
