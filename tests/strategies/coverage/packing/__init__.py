"""Tests of `strategies.coverage.packing`."""
