"""Checks of one's own: loaded from a file of code or of data, and applied to exchanges."""
