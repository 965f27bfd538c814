"""The run in the formats that other programs read."""
