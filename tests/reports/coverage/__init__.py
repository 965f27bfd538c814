"""Tests of the second opinion on a plan."""
