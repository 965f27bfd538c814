"""Reading the query."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.query import InvalidQuery, QueryReader
from openapi.contract import Parameter


def _reader(schema: dict[str, Any], *, required: bool = False) -> QueryReader:
    return QueryReader((Parameter("p", schema, required, "", ""),))


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "boolean"}, "true"),
        ({"type": "boolean"}, "false"),
        ({"type": "integer"}, "-12"),
        ({"type": "number"}, "1.5"),
        ({"type": "string"}, ""),
        ({"type": "string"}, "true"),
        ({"type": "string", "enum": ["a", "b"]}, "b"),
        ({"type": "string", "format": "uuid"}, "3C90C3CC-0d44-4b50-8888-8dd25736052a"),
    ],
)
def test_good(schema: dict[str, Any], text: str) -> None:
    assert _reader(schema).read(f"p={text}".encode()) == {"p": text}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        *(({"type": "boolean"}, text) for text in ("True", "FALSE", "1", "0", "yes", "", "null", "true ", "%00")),
        ({"type": "integer"}, "1.5"),
        ({"type": "integer"}, "x"),
        ({"type": "integer"}, "²"),
        ({"type": "number"}, "x"),
        ({"type": "string", "enum": ["a", "b"]}, "c"),
        ({"type": "string", "format": "uuid"}, ""),
        ({"type": "string", "format": "uuid"}, "3c90c3cc0d444b5088888dd25736052a"),
    ],
)
def test_bad(schema: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidQuery, match="p: "):
        _reader(schema).read(f"p={text}".encode())


@pytest.mark.parametrize("query", [b"", b"x=1", b"&&", b"=", b"%", b"\xff=\xff", b"P=maybe", b"x=1;p=2"])
def test_what_is_not_known_is_ignored(query: bytes) -> None:
    assert _reader({"type": "boolean"}).read(query) == {}


def test_of_several_the_last_counts() -> None:
    assert _reader({"type": "boolean"}).read(b"p=maybe&p=true") == {"p": "true"}
    with pytest.raises(InvalidQuery):
        _reader({"type": "boolean"}).read(b"p=true&p=maybe")


def test_required() -> None:
    assert _reader({"type": "string"}, required=True).read(b"p=") == {"p": ""}
    for query in (b"", b"q=1"):
        with pytest.raises(InvalidQuery, match="required"):
            _reader({"type": "string"}, required=True).read(query)


def test_an_array_is_read_from_all_of_its_values() -> None:
    schema = {"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "integer", "maximum": 5}}
    for query in (b"p=1&p=2", b"p=1,2,3", b"p=1%7C2"):
        assert "p" in _reader(schema).read(query)
    for query in (b"p=1", b"p=1,2,3,4", b"p=1&p=6", b"p=1&p=x"):
        with pytest.raises(InvalidQuery, match="p: "):
            _reader(schema).read(query)
