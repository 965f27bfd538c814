"""Tests of `reports.trend`."""
