"""The normal form of an exchange: what a server makes for each object, and for each run, gives way to a placeholder.

Two servers never make the same id. A place of a response is server-made if its value differs between responses to the same
request. It is server-made as well if no request sends it and no two objects have the same value there. An id in a later request
stands for the request that made it:

    POST {"a": 1}   ->  {"id": "7f3c", "a": 1}     the response   {"id": <server-made>, "a": 1}
    GET  /calls/7f3c                               the path       /calls/<id of POST {"a": 1}>
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reports.record.entries import Exchange, Header, Request

SERVER_MADE, OF_TIME, OF_RUN = "<server-made>", "<time>", "<run>"
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
# What stands for a secret in a record: it is the same only for the same secret.
_REDACTED = re.compile(r"(?<=redacted\.invalid/)[0-9a-f]{12}|(?<=redacted-)[0-9a-f]{12}")
_LEAST_OBJECTS = 3  # of which no two have the same value
_LEAST_LENGTH = 4  # characters of an id that is looked for in paths

Place = tuple[str, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield the values in a JSON value that hold no others, with their places; `*` is any item of an array."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from leaves(member, (*place, name))
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item, (*place, "*"))
    else:
        yield place, value


def steady(text: str) -> str:
    """Return a text with placeholders for ids, times and redacted values, which no two responses share."""
    return _REDACTED.sub(SERVER_MADE, _TIME.sub(OF_TIME, _UUID.sub(SERVER_MADE, text)))


def json_in(text: str | None) -> Any:
    """Return the JSON value of a body; the text itself where it is none."""
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return text


def is_success(exchange: Exchange) -> bool:
    """Return whether a response has a 2xx status."""
    return exchange.response is not None and 200 <= exchange.response.status < 300


@dataclass(frozen=True)
class NormalForm:
    """The placeholders of one run: the places that its server makes, and its ids by the request that made them."""

    header: Header
    server_made: frozenset[Place]
    origins: dict[str, str]

    @classmethod
    def of(cls, header: Header, exchanges: Iterable[Exchange]) -> NormalForm:
        """Return the normal form of a run."""
        method, _, path = header.operation.partition(" ")
        creations = [
            each for each in exchanges if is_success(each) and (each.request.method, each.request.path) == (method, path)
        ]
        found = frozenset(_server_made(creations))
        return cls(header, found, _origins(header, creations, found))

    def request(self, request: Request) -> tuple[Any, ...]:
        """Return a request by which it is found in another run."""
        path = "/".join(self.origins.get(step, step) for step in request.path.split("/"))
        query = [[name, self.origins.get(value, value)] for name, value in request.query]
        headers = sorted((name, value) for name, value in request.headers.items())
        text = repr((request.method, path, query, request.query_text, headers, request.key, request.key_forms))
        return text, _without_run(self.header, request.body or "")

    def response(self, body: str, made: frozenset[Place]) -> Any:
        """Return the value of a response body, with placeholders at the places that either server makes."""
        return self._replaced(json_in(_without_run(self.header, body)), (), made)

    def _replaced(self, value: Any, place: Place, made: frozenset[Place]) -> Any:
        if isinstance(value, dict):
            return {name: self._replaced(member, (*place, name), made) for name, member in value.items()}
        if isinstance(value, list):
            return [self._replaced(item, (*place, "*"), made) for item in value]
        if place in made and value is not None:
            return SERVER_MADE
        return steady(value) if isinstance(value, str) else value


def _server_made(creations: Iterable[Exchange]) -> Iterator[Place]:
    """Yield the places of responses whose values differ by themselves."""
    by_request: dict[str, list[dict[Place, Any]]] = defaultdict(list)
    values: dict[Place, Counter[str]] = defaultdict(Counter)
    sent: set[Place] = set()
    for each in creations:
        shown = dict(leaves(json_in(each.response.body if each.response else None)))
        by_request[f"{each.request.body}{each.request.query}"].append(shown)
        sent |= {place for place, _ in leaves(json_in(each.request.body))}
        for place, value in shown.items():
            values[place][json.dumps(value)] += 1
    for responses in by_request.values():
        for place in {place for each in responses for place in each if place}:
            if len({json.dumps(each[place]) for each in responses if place in each}) > 1:
                yield place
    for place, found in values.items():
        if place and place not in sent and found.total() == len(found) >= _LEAST_OBJECTS:
            yield place


def _origins(header: Header, creations: Iterable[Exchange], made: frozenset[Place]) -> dict[str, str]:
    """Return the request that made each value which the server made for an object, by the value."""
    counts, found = Counter[str](), dict[str, str]()
    for each in creations:
        # A parent's id in the query stands for the request that made the parent, which came before.
        query = [[name, found.get(value, value)] for name, value in each.request.query]
        text = f"{_without_run(header, each.request.body or '')}{query}"
        digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
        counts[digest] += 1
        for place, value in leaves(json_in(each.response.body if each.response else None)):
            if place in made and len(str(value)) >= _LEAST_LENGTH:
                found[str(value)] = f"<{'.'.join(place)} of {digest} {counts[digest]}>"
    return found


def _without_run(header: Header, text: str) -> str:
    """Return a body without the name of its run, which tags what it creates."""
    return text.replace(header.run, OF_RUN) if header.run else text
