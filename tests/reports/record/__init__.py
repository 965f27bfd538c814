"""Tests of `reports.record`."""
