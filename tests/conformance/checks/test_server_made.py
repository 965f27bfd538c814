"""Which members of a response the server makes anew each time, and what is compared without them."""

from __future__ import annotations

from conformance.checks.server_made import server_made, stripped
from openapi.schema.nodes import tree

REQUEST = tree({"type": "object", "properties": {"name": {}, "data": {"type": "object", "properties": {"note": {}}}}})
DATA = {"type": "object", "properties": {"gid": {"type": "string"}, "note": {}}}
RESPONSE = tree({"type": "object", "properties": {"id": {"type": "integer"}, "name": {}, "state": {}, "data": DATA}})


def responses(count: int) -> list[object]:
    return [{"id": n, "name": f"n{n}", "state": n % 2, "data": {"gid": f"g{n}", "note": n}} for n in range(count)]


def test_what_differs_each_time_and_is_not_sent_is_made_by_the_server() -> None:
    assert server_made(REQUEST, RESPONSE, responses(4)) == [("id",), ("data", "gid")]


def test_two_responses_show_too_little() -> None:
    assert server_made(REQUEST, RESPONSE, responses(2)) == []


def test_a_response_is_stripped_of_what_it_has() -> None:
    assert stripped({"id": 1, "data": {"gid": "x", "note": 2}}, [("id",), ("data", "gid"), ("nothing",)]) == {
        "data": {"note": 2}
    }
