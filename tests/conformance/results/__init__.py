"""Tests of `conformance.results`."""
