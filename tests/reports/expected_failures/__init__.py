"""Tests of `reports.expected_failures`."""
