"""The schema of a place admits what the body admits there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from openapi.schema.nodes import Node
from strategies.values.place_schema import admits, alone
from strategies.values.valid import accepted
from tests.strategies.schemas import LEAVES, Object, fits, oracle, ours


def node_of(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


@given(LEAVES, LEAVES)
def test_what_is_admitted_is_what_is_valid(schema: Object, other: Object) -> None:
    assert all(admits(node_of(other), each.value) == fits(other, each.value) for each in accepted(node_of(schema)))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "minLength": 1}, ""),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, []),
        ({"type": "boolean"}, 0),
        ({"type": "string", "x-duration": {"maximum": "10s"}}, "11s"),
        ({"type": "string", "x-duration": {"minimum": "10s"}}, "9s"),
    ],
)
def test_what_is_not_admitted(schema: Object, value: Any) -> None:
    assert not admits(node_of(schema), value)


def test_the_schema_of_a_place_says_what_the_body_says_of_it() -> None:
    for node in list(ours().root.walk())[:120]:
        for each in accepted(node)[:4] if not node.is_object and node.each is None else ():
            assert fits(alone(node), each.value), (node.path, each.value)
