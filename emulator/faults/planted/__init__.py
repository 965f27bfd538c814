"""Faults: deviations that the self-check plants in the emulator, by name."""
