"""The content of the requests of a record by place: values, lengths, types, neighbours and depths."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from reports.record.entries import Exchange

_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
_CUT = re.compile(r"… \(\d+ characters\)$")  # ends a text that the record has cut
_TOKEN = re.compile(r'[{}\[\]]|"(?:[^"\\]|\\.)*"\s*:?')  # brackets and strings, with the colon behind a key
_ABOVE = 16  # names on the way to what is nested: no described place lies deeper
_MANY = 3  # items from which on the last one is far from the first


@dataclass
class Seen:
    """The values that were seen. The keys are places, in which `*` stands for any item and for any key that is not described.

    `wrong` has the positions (`0`, `1`, `last`) at which an item of a type was sent in an array. `siblings` has the members
    that an object had while it lacked another one. `queries` has the values of each parameter in accepted requests.
    `violations` has the rules of the body that were violated beside each of them; those violated beside none stand under two
    empty strings.
    """

    values: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    types: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    members: dict[str, list[frozenset[str]]] = field(default_factory=lambda: defaultdict(list))
    depths: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    statuses: set[int] = field(default_factory=set)
    violations: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    queries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def seen_in(exchanges: Iterable[Exchange], path: str, places: frozenset[str]) -> Seen:
    """Return what the requests to a path hold; `places` are the described ones."""
    seen = Seen()
    for exchange in exchanges:
        for name, value in exchange.request.query:
            if exchange.side == "rejects":
                seen.violations[name, value] |= {*exchange.aims}
            elif exchange.side == "accepts":
                seen.queries[name].add(value)
        if exchange.side == "rejects" and not exchange.request.query:
            seen.violations["", ""] |= {*exchange.aims}
        if exchange.response is not None:
            seen.statuses.add(exchange.response.status)
        if exchange.request.body is not None and exchange.request.path.partition("?")[0] == path:
            _take(seen, exchange.request.body, places)
    return seen


def _take(seen: Seen, text: str, places: frozenset[str]) -> None:
    try:
        body = _decoded(text)
    except (ValueError, RecursionError):  # no JSON, or nested too deeply for our own decoder
        _take_depth(seen, text, places)
        return
    for place, value in _walk(body, "", places):
        if isinstance(value, dict):
            seen.members[place].append(frozenset(value))
        if isinstance(value, (str, list, dict)):
            seen.lengths[place].add(len(value))
        if not isinstance(value, (list, dict)):
            seen.values[place].append(value)
        if isinstance(value, list):
            for index, item in enumerate(value):
                seen.types[place][_type(item)] |= set(_positions(index, len(value)))
        seen.depths[place] = max(seen.depths[place], _depth(value))


def _take_depth(seen: Seen, text: str, places: frozenset[str]) -> None:
    """Note how deep a text that is not decoded goes at each described place, by its brackets and keys alone."""
    keys: list[str] = []  # of the containers that are open, the name under which each stands
    deepest, above, last = 0, list[str](), ""
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "{[":
            keys.append(last if last else "*")
            last = ""
            if len(keys) > deepest:
                deepest, above = len(keys), keys[:_ABOVE]
        elif word in "}]":
            keys = keys[:-1]
            last = ""
        else:
            last = word.rstrip().removesuffix(":").rstrip()[1:-1] if word.rstrip().endswith(":") else ""
    place = ""
    for level, name in enumerate(above):
        if level:
            below = f"{place}.{name}" if place else name
            place = below if below in places else f"{place}.*" if place else "*"
        if level and place not in places:
            break
        seen.depths[place] = max(seen.depths[place], deepest - level)


def _decoded(text: str) -> Any:
    """Return the value of a JSON text; of one that the record has cut, the value up to the last whole member or item."""
    if _CUT.search(text) is None:
        return json.loads(text)
    text = _CUT.sub("", text)
    closing, safe, in_string, is_escaped = list[str](), ("", 0), False, False
    for index, character in enumerate(text):
        if in_string:
            in_string = is_escaped or character != '"'
            is_escaped = character == "\\" and not is_escaped
        elif character == '"':
            in_string = True
        elif character in "{[":
            closing.append("}" if character == "{" else "]")
        elif character in "}]":
            closing.pop()
        elif character == ",":
            safe = ("".join(reversed(closing)), index)
    return json.loads(text[: safe[1]] + safe[0])


def _walk(value: Any, place: str, places: frozenset[str]) -> Iterator[tuple[str, Any]]:
    yield place, value
    members: Iterable[tuple[str, Any]] = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        members = (("*", item) for item in value)
    for name, member in members:
        below = f"{place}.{name}" if place else name
        below = below if below in places else f"{place}.*" if place else "*"
        if below in places:
            yield from _walk(member, below, places)


def _type(value: Any) -> str:
    return _TYPES.get(type(value), "null")


def _positions(index: int, size: int) -> Iterator[str]:
    if index < 2:
        yield str(index)
    if index == size - 1 and size >= _MANY:
        yield "last"


def _depth(value: Any) -> int:
    """Return how many objects and arrays stand inside each other, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        inner = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        deepest = max(deepest, depth if isinstance(each, (dict, list)) else 0)
        waiting += [(member, depth + 1) for member in inner]
    return deepest
