"""Messages of the harness protocol, version 1; `docs/harness-protocol.md` is its specification."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from openapi.json_types import Json

VERSION = 1


class ProtocolError(Exception):
    """A line from a harness is not the message that the protocol asks for; the text states the problem."""


@dataclass(frozen=True)
class Hello:
    """The client under test; `response_members` is None if the client returns whole responses."""

    client: str
    version: str
    response_members: frozenset[str] | None = None
    examples: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Returned:
    """The client finished without an error."""

    value: Json


@dataclass(frozen=True)
class Raised:
    """The client reported an error to its caller."""

    error: str
    detail: str
    status: int | None = None


@dataclass(frozen=True)
class Unsupported:
    """The client has no way to express some members of the intended call."""

    members: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Crashed:
    """The harness ended or kept silent; the suite itself makes this outcome."""

    reason: str


Outcome: TypeAlias = Returned | Raised | Unsupported | Crashed


def start(url: str, path: str, key: str) -> str:
    """Return the first line for a harness."""
    return _line({"type": "start", "protocol": VERSION, "url": url, "path": path, "key": key})


def create(identifier: str, query: Mapping[str, Json], body: Json, linger: float = 0) -> str:
    """Return the line that makes a harness create one call; `linger` is in seconds."""
    return _line({"type": "create", "id": identifier, "query": dict(query), "body": body, "linger": linger})


def bye() -> str:
    """Return the last line for a harness."""
    return _line({"type": "bye"})


def _line(message: dict[str, Json]) -> str:
    # Some readers of lines, Node.js among them, split at U+2028 as well: nothing but ASCII is written.
    return json.dumps(message, allow_nan=False) + "\n"


def hello_of(line: str) -> Hello:
    """Return the hello in a line.

    Raises ProtocolError if it is another message or misses a member.
    """
    message = _message(line, "hello")
    if message.get("protocol") != VERSION:
        raise ProtocolError(f"hello: protocol is {message.get('protocol')!r}, this suite speaks {VERSION}")
    members = message.get("responseMembers")
    documented = _member(message, "documented", dict, default={})
    examples = _member(documented, "examples", dict, default={})
    return Hello(
        client=_member(message, "client", str),
        version=_member(message, "version", str),
        response_members=None if members is None else frozenset(_member(message, "responseMembers", list)),
        examples={name: tuple(values) if isinstance(values, list) else (values,) for name, values in examples.items()},
        defaults=_member(documented, "defaults", dict, default={}),
    )


def outcome_of(line: str, identifier: str) -> Outcome:
    """Return the outcome in the result for one call.

    Raises ProtocolError if it is another message, is about another call, or misses a member.
    """
    message = _message(line, "result")
    if message.get("id") != identifier:
        raise ProtocolError(f"result: id is {message.get('id')!r}, expected {identifier!r}")
    outcome = message.get("outcome")
    if not isinstance(outcome, str) or outcome not in _OUTCOMES:
        raise ProtocolError(f"result: outcome is {outcome!r}, expected one of {', '.join(_OUTCOMES)}")
    return _OUTCOMES[outcome](message)


def _returned(message: dict[str, Json]) -> Outcome:
    if "value" not in message:
        raise ProtocolError("result: value is missing")
    return Returned(message["value"])


def _raised(message: dict[str, Json]) -> Outcome:
    status = message.get("status")
    return Raised(_member(message, "error", str), _member(message, "detail", str), status if isinstance(status, int) else None)


def _unsupported(message: dict[str, Json]) -> Outcome:
    members = tuple(map(str, _member(message, "members", list)))
    return Unsupported(members, _member(message, "reason", str, default=""))


_OUTCOMES: dict[str, Callable[[dict[str, Json]], Outcome]] = {
    "returned": _returned,
    "raised": _raised,
    "unsupported": _unsupported,
}


def _message(line: str, expected: str) -> dict[str, Json]:
    try:
        message = json.loads(line)
    except ValueError:
        raise ProtocolError(f"expected a {expected} message, got {line.strip()[:200]!r}, which is not JSON") from None
    if not isinstance(message, dict) or message.get("type") != expected:
        raise ProtocolError(f"expected a {expected} message, got {line.strip()[:200]}")
    return message


_ABSENT: Any = object()


def _member(message: Mapping[str, Json], name: str, kind: type, default: Json = _ABSENT) -> Any:
    value = message.get(name, default)
    if value is _ABSENT:
        raise ProtocolError(f"{message.get('type', 'documented')}: {name} is missing")
    if not isinstance(value, kind):
        raise ProtocolError(f"{message.get('type', 'documented')}: {name} is {value!r:.80}, expected {_KINDS[kind]}")
    return value


_KINDS: dict[type, str] = {str: "a string", list: "an array", dict: "an object"}
