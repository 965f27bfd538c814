"""Pair the exchanges of two runs that sent the same request for the same case."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reports.exchanges.normal_form import NormalForm, Place
from reports.record.entries import Exchange, Response

_UNJUDGED = frozenset({429, 502, 503, 504})  # which say nothing about the request
_MOST_PLACES = 20  # of a response that differs everywhere
_LONGEST = 120  # characters of a value


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two responses to one request: `what` differs, the status or a place of the body."""

    what: str
    before: str
    after: str
    exchanges: tuple[Exchange, Exchange]

    @property
    def size(self) -> int:
        """Return the characters of the request body."""
        return len(self.exchanges[0].request.body or "")


@dataclass
class Pairs:
    """The differences between two runs, and the numbers of exchanges that were and were not compared.

    `alone` are those of each run without a counterpart in the other one: mostly what confirms and shrinks failures. `unjudged`
    are pairs of which one had no response that says anything about the request.
    """

    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    differing: int = 0
    unjudged: int = 0
    alone: tuple[list[Exchange], list[Exchange]] = field(default_factory=lambda: ([], []))


def paired(old: list[Exchange], new: list[Exchange], forms: tuple[NormalForm, NormalForm]) -> Pairs:
    """Return the pairs of exchanges with the same request, and how their responses differ."""
    waiting: dict[Any, deque[Exchange]] = defaultdict(deque)
    for each in new:
        waiting[_key(each, forms[1])].append(each)
    made = forms[0].server_made | forms[1].server_made
    pairs = Pairs()
    for one in old:
        row = waiting.get(_key(one, forms[0]))
        if not row:
            pairs.alone[0].append(one)
            continue
        other = row.popleft()
        if one.response is None or other.response is None or {one.response.status, other.response.status} & _UNJUDGED:
            pairs.unjudged += 1
            continue
        pairs.compared += 1
        found = list(_differences(one, other, forms, made))
        pairs.differing += bool(found)
        pairs.differences += found
    pairs.alone[1].extend(each for row in waiting.values() for each in row)
    return pairs


def _key(exchange: Exchange, form: NormalForm) -> Any:
    return exchange.case, exchange.phase, form.request(exchange.request)


def _differences(
    one: Exchange, other: Exchange, forms: tuple[NormalForm, NormalForm], made: frozenset[Place]
) -> Iterator[Difference]:
    first, second = one.response, other.response
    if first is None or second is None:
        return
    if first.status != second.status:
        yield Difference("status", str(first.status), str(second.status), (one, other))
        return
    if _media_type(first) != _media_type(second):
        yield Difference("content type", _media_type(first), _media_type(second), (one, other))
    values = forms[0].response(first.body, made), forms[1].response(second.body, made)
    found: dict[str, tuple[Any, Any]] = {}
    for place, before, after in _apart(*values, ()):
        found.setdefault(".".join(place) or "the body", (before, after))
    for place_name, (before, after) in list(found.items())[:_MOST_PLACES]:
        yield Difference(place_name, _shown(before), _shown(after), (one, other))


def _media_type(response: Response) -> str:
    named = next((value for name, value in response.headers.items() if name.lower() == "content-type"), "none")
    return named.partition(";")[0].strip().lower()


_MISSING = object()


def _apart(one: Any, other: Any, place: Place) -> Iterator[tuple[Place, Any, Any]]:
    """Yield the outermost places at which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys((*one, *other)):
            yield from _apart(one.get(name, _MISSING), other.get(name, _MISSING), (*place, name))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for mine, theirs in zip(one, other, strict=True):
            yield from _apart(mine, theirs, (*place, "*"))
    elif type(one) is not type(other) or one != other:
        yield place, one, other


def _shown(value: Any) -> str:
    if value is _MISSING:
        return "missing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
