"""Tests of `openapi.schema`."""
