"""Tests of the stand-in server, its faults and mutants."""
