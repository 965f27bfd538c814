"""Members that only responses have are no echo; whatever else differs is."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.checks.echo import Echo
from conformance.checks.own_members import without_own
from conformance.checks.tolerances import Tolerances
from openapi.json_types import Json
from openapi.schema.nodes import tree

EXACT = Tolerances(statuses={}, largest=0, too_large=413, unjudged={}, unanswered={}, echo=())
SENT = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
SHOWN = {"type": "object", "properties": {"id": {"type": "integer"}, "a": {"type": "string"}}}


def array(each: Any) -> Any:
    return {"type": "array", "items": each}


def mapped(each: Any) -> Any:
    return {"type": "object", "additionalProperties": each}


CHOSEN = {"oneOf": [{"type": "string"}, {"$ref": "#/$defs/Each"}]}


def whole(around: Any, each: Any) -> Any:
    return {"type": "object", "properties": {"v": around(each)}, "$defs": {"Each": each}}


ONE, OWN = {"a": "x"}, {"id": 1, "a": "x"}
PLACES = [
    (mapped, {"k": ONE}, {"k": OWN}),
    (lambda each: array(array(each)), [[ONE], []], [[OWN], []]),
    (lambda _: CHOSEN, ONE, OWN),
    (lambda _: array(CHOSEN), ["word", ONE], ["word", OWN]),
    (lambda _: mapped(array(CHOSEN)), {"k": [ONE]}, {"k": [OWN]}),
    (lambda _: {"if": {"required": ["a"]}, "then": {"$ref": "#/$defs/Each"}}, ONE, OWN),
]


@pytest.mark.parametrize(("around", "sent", "got"), PLACES)
def test_a_server_may_add_them_wherever_objects_are(around: Any, sent: Json, got: Json) -> None:
    request, response = tree(whole(around, SENT)), tree(whole(around, SHOWN))
    nodes = request.properties["v"], response.properties["v"]
    assert without_own(*nodes, sent, got) == sent
    echo = Echo(request, response, EXACT)
    assert echo.compare({"v": sent}, {"v": got}, set()) == []
    other = Echo(request, request, EXACT)  # no response describes the member
    assert [each.rule for each in other.compare({"v": sent}, {"v": got}, set())] == ["body.v.echo"]


@pytest.mark.parametrize("got", [{"k": {"id": 1}}, {"k": {"id": 1, "a": "y"}}, {"k": {"id": 1, "a": "x", "b": 2}}, {}, []])
def test_what_was_sent_has_to_be_there_all_the_same(got: Json) -> None:
    echo = Echo(tree(whole(mapped, SENT)), tree(whole(mapped, SHOWN)), EXACT)
    assert [each.rule for each in echo.compare({"v": {"k": ONE}}, {"v": got}, set())] == ["body.v.echo"]


def test_a_member_that_was_sent_though_no_request_describes_it_is_compared() -> None:
    request, response = (tree(whole(mapped, each)).properties["v"] for each in (SENT, SHOWN))
    assert without_own(request, response, {"k": {"a": "x", "id": 2}}, {"k": OWN}) == {"k": OWN}
