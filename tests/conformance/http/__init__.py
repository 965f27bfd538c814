"""Tests of `conformance.http`."""
