"""Unusual values: what JSON admits, and a parser or a store may refuse."""

from __future__ import annotations

import pytest

from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.values.hostile import trouble
from strategies.values.unusual import holds_unusual, is_unusual
from strategies.values.valid import accepted
from tests.openapi.synthetic import catalogued
from tests.plans import our_catalogue
from tests.strategies.schemas import Object


def node(schema: Object) -> Node:
    return catalogued({"type": "object", "properties": {"a": schema}}).body.properties["a"]


NUMBER: Object = {"type": "number"}
COUNT: Object = {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "certain", "unusual"),
    [
        (NUMBER, [0, 1, 0.5, 1e-300], [-0.1, 1.5, 1e39, 1.7976931348623157e308, 2**70]),
        ({**NUMBER, "minimum": 4}, [4, 4.5, 5], [5.5, 1e300]),
        ({**NUMBER, "maximum": 4}, [4, 0, 2.5], [-1]),
        ({**NUMBER, "maximum": -4}, [-4, -5], [-6]),
        ({**NUMBER, "minimum": -1e300, "maximum": 1e300}, [-1e300, 1e300], []),
        (COUNT, [0, 1, 2**31 - 1], [-1, 2**31, 2**64]),
        ({**COUNT, "format": "int32"}, [0, 2**31 - 1], [-1, -(2**31)]),
        ({**COUNT, "maximum": 2**40}, [2**40], [-1]),
        ({**COUNT, "minimum": -5, "maximum": 5}, [0, 5], [-5]),
        ({"type": "boolean"}, [True, False], []),
        ({"type": "string"}, ["", "\t\r\n", "\u0085", "\U0001f600", "\ufffd"], ["a\0", "\x1b", "\x7f", "\x9f", "\ufdd0"]),
        ({"type": "string"}, ["\u2028"], ["\uffff", "\ufffe", "\U0001ffff", "\U0010fffe", "\ud800"]),
    ],
)
def test_a_value_is_unusual_by_its_member(schema: Object, certain: list[Json], unusual: list[Json]) -> None:
    assert [value for value in certain if is_unusual(node(schema), value)] == []
    assert [value for value in unusual if not is_unusual(node(schema), value)] == []


@pytest.mark.parametrize("value", [None, True, "x", 2**53, -(2**53), 3e38, 1e-320, [], {"a": [{"b": "c"}]}, -4.5e16])
def test_ordinary_content_holds_nothing_unusual(value: Json) -> None:
    assert not holds_unusual(value)
    assert not holds_unusual({"x": [value]})


@pytest.mark.parametrize("value", ["a\0", 2**53 + 1, -(2**53) - 1, 1e39, -1e39, {"\0": 1}])
def test_odd_content_is_unusual_at_any_depth(value: Json) -> None:
    assert holds_unusual(value)
    assert holds_unusual({"x": [{"y": value}]})


def test_the_planned_texts_that_may_be_refused_are_the_unusual_ones() -> None:
    assert all(map(holds_unusual, trouble()["doubtful_texts"].values()))
    assert not any(map(holds_unusual, trouble()["texts"].values()))


def values_of(catalogue: Catalogue) -> list[tuple[Node, Json]]:
    leaves = (each for each in catalogue.body.walk() if each.types & {"string", "number", "integer"} and each.each is None)
    return [(leaf, value.value) for leaf in leaves for value in accepted(leaf) if value.must]


def test_no_value_that_must_be_accepted_is_unusual() -> None:
    found = values_of(our_catalogue())
    assert len(found) > 500
    assert [(leaf.path, value) for leaf, value in found if is_unusual(leaf, value)] == []
