"""What goes in and out of the endpoint, HTTP without a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from emulator.store import Call, Store
from openapi.json_types import Json

Headers = tuple[tuple[bytes, bytes], ...]
JSON_HEADERS: Headers = ((b"content-type", b"application/json"),)


class Request(NamedTuple):
    """An HTTP request; names of headers are in lower case, as ASGI gives them; the last of several counts."""

    method: str
    path: str
    query_string: bytes
    headers: dict[bytes, bytes]
    body: bytes


class Reply(NamedTuple):
    """An HTTP answer; the content length is left to the server."""

    status: int
    body: bytes = b""
    headers: Headers = JSON_HEADERS


def refusal(status: int, detail: str, *headers: tuple[bytes, bytes]) -> Reply:
    """A refusal in the endpoint's style: `{"detail": ...}`."""
    text = orjson.dumps({"detail": detail.encode("utf-8", "replace").decode()})
    return Reply(status, text, JSON_HEADERS + headers)


@dataclass(slots=True)
class Exchange:
    """One request on its way through the endpoint, and what has become known of it.

    `number` counts requests from 1. `sent` is the body as parsed JSON, `body` its canonical form, `merged`
    that with what a prior call adds. `call` is the call that was made, read or deleted. `memory` is kept
    between requests, for faults, and `keys` are the right ones.
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
