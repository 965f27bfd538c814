"""One JSON value in other encodings: RFC 8259 leaves a choice to the writer that a reader must ignore."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.values.leniency import is_certain
from strategies.values.minimal import simplest
from strategies.values.strings import is_free_string

_TEXT = 'é 😀 "quoted" \\ / \t.'


def spellings(oracle: Oracle, lacking: frozenset[str]) -> Iterator[tuple[str, Json, bytes]]:
    """Yield a body with strings and numbers in each encoding with its label, the usual encoding first."""
    body: Json = {}
    for name, node in oracle.root.properties.items():
        value = None if node.get("x-hazard") else _value(node)
        candidate = {**body, name: value}
        if value is not None and is_certain(node, value, lacking) and oracle.is_valid(candidate):
            body = candidate
    return ((label, body, write(body)) for label, write in _SPELLINGS.items())


def _value(node: Node) -> Json:
    if is_free_string(node):
        return _TEXT
    if node.types == {"number"}:
        return 0.5
    if node.is_map and node.each is not None and is_free_string(node.each):
        return {"key é/": _TEXT}
    return simplest(node) if node.types <= {"boolean", "string"} else None


def _plain(body: Json) -> str:
    return json.dumps(body, ensure_ascii=False)


def _pretty(body: Json) -> str:
    text = json.dumps(body, indent="\t", separators=(" , ", " : "), ensure_ascii=False).replace("\n", "\r\n ")
    return f" \t\r\n{text}\n"


def _escaped(body: Json) -> bytes:
    """Return the body with every character of every string as `\\uXXXX`, those beyond the first plane as two."""

    def escapes(found: re.Match[str]) -> str:
        units = str(json.loads(found[0])).encode("utf-16-be", "surrogatepass").hex()
        return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'

    return re.sub(r'"(?:[^"\\]|\\.)*"', escapes, json.dumps(body)).encode()


def _numbers(write: Callable[[Decimal], str], around: Callable[[Json], str] = _plain) -> Callable[[Json], bytes]:
    """Return a writer of bodies that writes numbers with a fraction in another way, and the rest as `around` does."""

    def spell(body: Json) -> bytes:
        marks = {name: f"number-{index}" for index, (name, value) in enumerate(body.items()) if isinstance(value, float)}
        text = around({**body, **marks})
        for name, mark in marks.items():
            text = text.replace(f'"{mark}"', write(Decimal(repr(body[name]))))
        return text.encode()

    return spell


def _with_solidus(text: bytes) -> bytes:
    return text.replace(b"/", b"\\/")


def _reversed(body: Json) -> Json:
    return dict(reversed(body.items()))


# Encodings of different things share a body, since each body creates an object.
_SPELLINGS: dict[str, Callable[[Json], bytes]] = {
    "as it is": lambda body: _plain(body).encode(),
    "with white space and trailing zeros": _numbers(lambda number: f"{number}{'0' * 24}", _pretty),
    "with every character escaped": _escaped,
    "with an exponent and a solidus escaped": lambda body: _with_solidus(_numbers(lambda number: f"{number * 10}e-1")(body)),
    "with a capital exponent and members in reverse": lambda body: _numbers(lambda number: f"{number / 10}E+1")(
        _reversed(body)
    ),
}


def percent_encoded(query: Iterable[tuple[str, str]]) -> str:
    """Return a query with every other character of names and values percent-encoded: an equal one by RFC 3986, 6.2.2.2."""
    return "&".join(f"{_encoded(name)}={_encoded(text)}" for name, text in query)


def _encoded(text: str) -> str:
    spelled = enumerate(bytes([byte]) for byte in text.encode())
    return "".join(byte.decode() if index % 2 and byte.isalnum() else f"%{byte.hex().upper()}" for index, byte in spelled)
