"""Fuzzing: Hypothesis strategies around the plan."""
