"""Tests of the fault-injection bed."""
