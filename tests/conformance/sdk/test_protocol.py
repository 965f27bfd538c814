"""Messages of the harness protocol: what is sent, what is accepted, and the problem with a line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conformance.sdk import protocol
from conformance.sdk.protocol import Hello, ProtocolError, Raised, Returned, Unsupported
from openapi.json_types import Json

PAGE = Path(__file__).parents[3] / "docs" / "harness-protocol.md"


def line(**members: Json) -> str:
    return json.dumps(members)


def test_lines_are_ascii_whatever_they_hold() -> None:
    sent = protocol.create("c1", {"verbose": False}, {"name": "é\u2028😀"})
    assert sent.isascii()
    assert sent.count("\n") == 1
    assert json.loads(sent)["body"] == {"name": "é\u2028😀"}


def test_hello_names_the_client() -> None:
    hello = protocol.hello_of(line(type="hello", protocol=1, client="c", version="2", responseMembers=["id"], extra=1))
    assert hello == Hello("c", "2", frozenset({"id"}))


def test_hello_may_say_what_the_client_documents() -> None:
    documented = {"examples": {"wait": ["30m"], "name": "x"}, "defaults": {"verbose": True}}
    hello = protocol.hello_of(line(type="hello", protocol=1, client="c", version="2", documented=documented))
    assert hello.examples == {"wait": ("30m",), "name": ("x",)}
    assert hello.defaults == {"verbose": True}


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        ({"outcome": "returned", "value": None}, Returned(None)),
        ({"outcome": "raised", "error": "E", "detail": "d"}, Raised("E", "d")),
        ({"outcome": "raised", "error": "E", "detail": "d", "status": 400}, Raised("E", "d", 400)),
        ({"outcome": "unsupported", "members": ["a"], "reason": "r"}, Unsupported(("a",), "r")),
    ],
)
def test_each_outcome_is_read(members: dict[str, Json], outcome: protocol.Outcome) -> None:
    assert protocol.outcome_of(line(type="result", id="c1", **members), "c1") == outcome


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("hello", "which is not JSON"),
        ("[]", "expected a result message"),
        (line(type="hello"), "expected a result message"),
        (line(type="result", id="c2", outcome="returned", value=1), "id is 'c2', expected 'c1'"),
        (line(type="result", id="c1", outcome="done"), "outcome is 'done'"),
        (line(type="result", id="c1", outcome=[]), "outcome is []"),
        (line(type="result", id="c1", outcome="returned"), "value is missing"),
        (line(type="result", id="c1", outcome="raised", error="E"), "detail is missing"),
        (line(type="result", id="c1", outcome="raised", error="E", detail=1), "detail is 1, expected a string"),
        (line(type="result", id="c1", outcome="unsupported", members="a"), "members is 'a', expected an array"),
    ],
)
def test_an_invalid_line_is_named(text: str, problem: str) -> None:
    with pytest.raises(ProtocolError, match=re.escape(problem)):
        protocol.outcome_of(text, "c1")


def test_messages_on_the_page_are_those_of_the_protocol() -> None:
    """Each example line of the page is one that the suite writes or reads."""
    examples = [json.loads(each) for each in re.findall(r'^\{"type".*\}$', PAGE.read_text(encoding="utf-8"), re.MULTILINE)]
    kinds = [each["type"] for each in examples]
    assert kinds == ["start", "hello", "create", "result", "result", "result", "bye"]
    start, hello, create, *results, _ = examples
    assert json.loads(protocol.start(start["url"], start["path"], start["key"])) == start
    assert json.loads(protocol.create(create["id"], create["query"], create["body"])) == create
    protocol.hello_of(json.dumps(hello))
    for each in results:
        protocol.outcome_of(json.dumps(each), create["id"])
    assert protocol.bye() == '{"type": "bye"}\n'
