"""Tests of `strategies.coverage`."""
