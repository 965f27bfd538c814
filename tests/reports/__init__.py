"""Tests of the record and of everything drawn from it."""
