"""Tests of `conformance.triage`."""
