"""Tests of `conformance.phases`."""
