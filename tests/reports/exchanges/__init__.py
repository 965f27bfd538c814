"""Tests of `reports.exchanges`."""
