"""Tests of `conformance.selfcheck`."""
