"""Tests of `strategies.fuzzing`."""
