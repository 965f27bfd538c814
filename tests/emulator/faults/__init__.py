"""Tests of `emulator.faults`."""
