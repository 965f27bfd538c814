"""Failures that a team expects, each with a reason and an end."""
