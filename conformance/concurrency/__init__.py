"""Concurrency: works carried on together, and threads that compute beside the event loop."""
