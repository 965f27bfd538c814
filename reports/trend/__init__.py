"""What many runs tell: comparison, history and trends."""
