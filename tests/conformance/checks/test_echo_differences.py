"""Echo: the differences that are allowed between a value and its echo, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks.echo import Echo, instant, seconds_of
from openapi.json_types import Json
from openapi.schema.nodes import tree
from tests.conformance.checks import small
from tests.strategies.schemas import Object


@pytest.mark.parametrize(
    ("text", "seconds"), [("1.50s", 1.5), ("0s", 0), ("-3s", -3), ("s", None), ("1", None), (1, None), ("1m", None)]
)
def test_durations_are_read_in_seconds(text: Json, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_instants_have_an_offset() -> None:
    assert instant("2026-01-01T01:00:00+01:00") == instant("2026-01-01T00:00:00Z") is not None
    assert [instant(each) for each in ("2026-01-01T00:00:00", "soon", 7, None)] == [None] * 4


@pytest.mark.parametrize(
    ("schema", "sent", "same", "others"),
    [
        (
            {"format": "float"},
            0.1,
            [0.10000000149011612, 0.1 * (1 + 2**-23)],
            [0.1 * (1 + 2**-21), 0.1 * (1 - 2**-21), "0.1", True, -0.1],
        ),
        ({"format": "float"}, -8.0, [-8.0 * (1 + 2**-23)], [8.0, -8.0 * (1 + 2**-21), 1e39]),
        ({"format": "float"}, 1, [], [True, 1.001]),
        (
            {"format": "date-time"},
            "2026-01-01T00:00:00Z",
            ["2026-01-01T01:00:00+01:00"],
            ["2026-01-01T00:00:01Z", "2026-01-01T00:00:00", "soon", 7],
        ),
        ({"format": "date-time"}, "soon", [], ["later", "2026-01-01T00:00:00Z"]),
        ({"format": "uuid"}, small.ID, [small.ID.upper()], [small.ID[:-1] + "b", 7, None]),
        ({"pattern": "^[0-9]+(?:[.][0-9]{1,9})?s$"}, "30s", ["30.000s"], ["3e1s", "31s", "30", 30, "+30s", "NaNs"]),
        ({"pattern": "^[0-9]+(?:[.][0-9]{1,9})?s$"}, "x", [], ["y", "0s"]),
    ],
)
def test_each_kind_of_difference_is_allowed_and_no_more(
    schema: Object, sent: Json, same: list[Json], others: list[Json]
) -> None:
    node = tree({"type": "object", "properties": {"v": {"type": ["string", "number"], **schema}}})
    echo = Echo(node, node, small.checker().tolerances)
    for got in (sent, *same):
        assert echo.same(node.properties["v"], sent, got)
    for got in others:
        assert not echo.same(node.properties["v"], sent, got)
    plain = tree({"type": "object", "properties": {"v": {"type": ["string", "number"]}}})
    assert not any(echo.same(plain.properties["v"], sent, got) for got in (*same, *others))


@pytest.mark.parametrize(
    ("kind", "sent", "same", "others"),
    [
        ({"kind": "resolved"}, "Mark", [small.ID], ["Emily", small.ID[1:], 7, None]),
        ({"kind": "resolved"}, 7, [], [small.ID, 8]),
        (
            {"kind": "system-keys", "keys": "^sys[.]"},
            {"a": 1},
            [{"a": 1, "sys.b": 2}],
            [{"sys.b": 2}, {"a": 2}, {"a": 1, "b.sys.": 1}, [], None],
        ),
        ({"kind": "system-keys", "keys": "^sys[.]"}, [], [], [{}]),
        ({"kind": "fresh"}, "https://a", ["https://b"], ["", None, 7]),
        ({"kind": "fresh"}, "", [], ["a"]),
        ({"kind": "fresh"}, 7, [], ["a", 8]),
    ],
)
def test_each_kind_of_difference_of_a_contract_is_allowed_and_no_more(
    kind: Object, sent: Json, same: list[Json], others: list[Json]
) -> None:
    node = tree({"type": "object", "properties": {"v": {}, "w": {}}})
    echo = Echo(node, node, replace(small.checker().tolerances, echo=({**kind, "places": ["v"]},)))
    assert all(echo.same(node.properties["v"], sent, got) for got in (sent, *same))
    assert not any(echo.same(node.properties["v"], sent, got) for got in others)
    assert not any(echo.same(node.properties["w"], sent, got) for got in (*same, *others))
