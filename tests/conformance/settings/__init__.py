"""Tests of `conformance.settings`."""
