"""Tests of the emulator as a test server."""
