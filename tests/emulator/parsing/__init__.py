"""Tests of `emulator.parsing`."""
