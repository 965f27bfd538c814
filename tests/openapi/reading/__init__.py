"""Tests of `openapi.reading`."""
