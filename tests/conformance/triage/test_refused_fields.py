"""A refused place hides the rules at it, below it and above it, and no others."""

from __future__ import annotations

import pytest

from conformance.triage.refused_fields import RefusedFields
from openapi.schema.oracle import Oracle


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        ("body.a.b.type", True),
        ("body.a.b.c.maximum", True),
        ("body.a.oneOf", True),
        ("response.a.b.type", True),
        ("body.a.bc.type", False),
        ("body.x.type", False),
        ("robustness.repeatable", False),
    ],
)
def test_only_what_stands_above_or_below_is_hidden(rule: str, hidden: bool) -> None:
    refused = RefusedFields(Oracle({"type": "object"}, "body"))
    assert refused.hiding(rule) is None
    refused.places.add("a.b")
    assert (refused.hiding(rule) is not None) is hidden
