"""Tests of `strategies.bodies`."""
