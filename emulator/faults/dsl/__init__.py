"""The vocabulary of planted faults: places, edits, and the seams of the endpoint."""
