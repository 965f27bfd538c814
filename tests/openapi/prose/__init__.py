"""Tests of the sentences of descriptions."""
