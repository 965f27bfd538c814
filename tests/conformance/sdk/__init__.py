"""Tests of the tests of clients."""
