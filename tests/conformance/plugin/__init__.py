"""Tests of `conformance.plugin`."""
