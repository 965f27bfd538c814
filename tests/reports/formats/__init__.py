"""Tests of `reports.formats`."""
