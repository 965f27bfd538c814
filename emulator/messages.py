"""Requests and replies of the endpoint: HTTP without a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from emulator.store import Call, Store
from openapi.json_types import Json

Headers = tuple[tuple[bytes, bytes], ...]
JSON_HEADERS: Headers = ((b"content-type", b"application/json"),)


class Request(NamedTuple):
    """An HTTP request. Header names are in lower case, as in ASGI; of several headers with one name the last counts."""

    method: str
    path: str
    query_string: bytes
    headers: dict[bytes, bytes]
    body: bytes


class Reply(NamedTuple):
    """An HTTP response; the server adds the content length."""

    status: int
    body: bytes = b""
    headers: Headers = JSON_HEADERS


def refusal(status: int, detail: str, *headers: tuple[bytes, bytes]) -> Reply:
    """Return a refusal in the style of the endpoint: `{"detail": ...}`."""
    text = orjson.dumps({"detail": detail.encode("utf-8", "replace").decode()})
    return Reply(status, text, JSON_HEADERS + headers)


@dataclass(slots=True)
class Exchange:
    """One request on its way through the endpoint, with the results of each step.

    `number` counts requests from 1. `sent` is the body as parsed JSON, `body` its canonical form, `merged`
    that with the properties of its parent call. `call` is the call that was created, read or deleted. `memory` is kept
    between requests, for faults, and `keys` are the accepted ones.
    """

    number: int
    request: Request
    store: Store
    memory: dict[str, Any]
    keys: frozenset[str] = frozenset()
    query: dict[str, str] = field(default_factory=dict)
    sent: Json = None
    body: dict[str, Json] = field(default_factory=dict)
    merged: dict[str, Json] = field(default_factory=dict)
    parent: Call | None = None
    call: Call | None = None
