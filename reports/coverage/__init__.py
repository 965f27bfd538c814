"""A second opinion on a plan: what a run has not tried, seen from its record alone."""
