"""Members that only a response must have: in objects, items, maps and recursive values."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.completion import completions

SENT = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer", "default": 7}}}
SHOWN = {
    "type": "object",
    "required": ["a", "b", "no"],
    "properties": {"a": {"type": "string"}, "b": {"type": "integer"}, "no": {"type": "integer"}},
}
WHOLE = {"a": "x", "b": 7, "no": 0}


def completed(request: Any, response: Any, value: Any) -> Any:
    """Return a value of the member `v` as an echo completes it."""
    request, response = ({"type": "object", "properties": {"v": each}} for each in (request, response))
    return completions(request, response)["v"].added(value)


@pytest.mark.parametrize(
    ("around", "value", "expected"),
    [
        (lambda each: each, {"a": "x"}, WHOLE),
        (lambda each: {"type": "array", "items": each}, [{"a": "x"}, {"a": "y", "b": 1}], [WHOLE, {"a": "y", "b": 1, "no": 0}]),
        (lambda each: {"type": "object", "additionalProperties": each}, {"k": {"a": "x"}}, {"k": WHOLE}),
        (
            lambda each: {"type": "object", "properties": {"in": {"type": "array", "items": each}}},
            {"in": [{"a": "x"}]},
            {"in": [WHOLE]},
        ),
    ],
)
def test_members_that_only_a_response_must_have_are_added_wherever_they_are(around: Any, value: Any, expected: Any) -> None:
    assert completed(around(SENT), around(SHOWN), value) == expected


def test_values_of_a_recursive_schema_are_completed_at_each_depth() -> None:
    def tree(**more: Any) -> Any:
        node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}, **more}, "required": list(more)}
        return {"type": "object", "properties": {"v": {"$ref": "#/$defs/N"}}, "$defs": {"N": node}}

    found = completions(tree(), tree(no={"type": "integer"}))["v"]
    value: Any = {}
    for _ in range(6):
        value = {"next": value}
    shown = found.added(value)
    for _ in range(6):
        assert shown["no"] == 0
        shown = shown["next"]
    assert shown == {"no": 0}


def test_nothing_is_added_where_a_request_has_all() -> None:
    either = {"oneOf": [SENT, {"type": "string"}]}
    both = {"type": "object", "properties": {"v": {"type": "array", "items": SENT}, "w": either}}
    assert completions(both, both) == {}


@pytest.mark.parametrize("value", [None, "x", 3, [None]])
def test_a_value_of_another_kind_stays(value: Any) -> None:
    assert completed({"type": "array", "items": SENT}, {"type": "array", "items": SHOWN}, value) == value


def test_the_branch_that_a_value_means_is_completed() -> None:
    def either(*more: str) -> Any:
        def branch(kind: str, name: str) -> Any:
            members = {"kind": {"const": kind}, name: {"type": "string"}, **{each: {"type": "integer"} for each in more}}
            return {"type": "object", "properties": members, "required": ["kind", *more]}

        return {"type": "array", "items": {"oneOf": [branch("card", "number"), branch("bank", "iban"), {"type": "string"}]}}

    value = [{"kind": "bank", "iban": "x"}, {"kind": "card"}, "word", {"kind": "other"}]
    shown = completed(either(), either("id"), value)
    assert shown == [{"id": 0, "kind": "bank", "iban": "x"}, {"id": 0, "kind": "card"}, "word", {"kind": "other"}]
