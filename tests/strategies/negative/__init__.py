"""Tests of `strategies.negative`."""
