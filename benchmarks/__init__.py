"""Measurements of speed and economy, side by side with other tools: `python -m benchmarks`."""
