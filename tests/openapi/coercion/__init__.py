"""Tests of what standard parsers read, by the generated table."""
