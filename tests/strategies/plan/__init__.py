"""Tests of `strategies.plan`."""
