"""Tests of the comparison of descriptions."""
