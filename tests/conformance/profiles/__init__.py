"""Tests of `conformance.profiles`."""
