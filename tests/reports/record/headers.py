"""Headers of records: what a test says nothing about is the least that a header holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.record.entries import Header

_LEAST = Header(
    suite="suite 1",
    started="2026-01-01T00:00:00.000+00:00",
    target="http://127.0.0.1",
    embedded=False,
    operation="POST /things",
    title="Things",
    description={"name": "things.yaml", "digest": "aa"},
    overlays=[],
    notes=[],
    seed=0,
    profile="smoke",
    strict=False,
    versions={},
    command="",
)


def header(**stated: Any) -> Header:
    """A header with these members."""
    return replace(_LEAST, **stated)
