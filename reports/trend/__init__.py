"""Many runs: comparison, history and trends."""
