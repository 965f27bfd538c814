"""Tests of `strategies.values`."""
