"""The record of a run: its entries, written, read back and folded."""
