"""Scripted responses: they take the place of the emulator's own, one per request, in order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, TypeAlias

import orjson

from emulator.messages import JSON_HEADERS, Headers, Reply
from openapi.json_types import Json

_MOST_TIMES, _MOST_SECONDS = 10_000, 600.0
_FORMS = ("seconds", "date")


class InvalidScript(ValueError):
    """The description of a scripted response cannot be used; the text says why."""


@dataclass(frozen=True, kw_only=True)
class ScriptedResponse:
    """One response. Without a `status` the emulator's own is sent, but delayed or cut.

    `delay` and `retry_after` are in seconds; `retry_after_form` is `seconds` or `date` (RFC 9110, 10.2.3). With `cut`, the
    body is announced as longer than it is, and the connection ends behind it.
    """

    status: int | None = None
    body: bytes = b""
    headers: Headers = JSON_HEADERS
    delay: float = 0
    cut: bool = False
    retry_after: float | None = None
    retry_after_form: str = "seconds"

    def reply(self) -> Reply | None:
        """Return the response as of now, None for the emulator's own."""
        if self.status is None:
            return None
        after = self.retry_after
        waits = () if after is None else ((b"retry-after", _retry_after(after, self.retry_after_form).encode()),)
        return Reply(self.status, self.body, (*self.headers, *waits))


def json_response(status: int, body: Json) -> ScriptedResponse:
    """Return a response with a JSON body in ASCII."""
    return ScriptedResponse(status=status, body=json.dumps(body).encode())


def _retry_after(seconds: float, form: str) -> str:
    """Return the value of a Retry-After header as of now, `form` being `seconds` or `date`."""
    if form == "seconds":
        return str(math.ceil(seconds))
    # A date has whole seconds: rounded down, a client would come back too early.
    moment = datetime.now(UTC) + timedelta(seconds=seconds + 1)
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


Fixtures: TypeAlias = Mapping[str, ScriptedResponse]  # prepared responses by id


def scripted(data: Json, fixtures: Callable[[], Fixtures]) -> list[ScriptedResponse]:
    """Return the responses that a JSON object describes: `{"status": 429, "retry_after": 1, "times": 2}`.

    Members are those of `ScriptedResponse`. `body` is JSON (a string is sent as it is), and `headers` is an object. `times` is
    the number of responses, and `fixture` the id of a prepared response. InvalidScript if one cannot be used.
    """
    if not isinstance(data, dict):
        raise InvalidScript("a scripted response is a JSON object")
    unknown = sorted(data.keys() - _MEMBERS.keys())
    if unknown:
        raise InvalidScript(f"{unknown[0]}: there is no such member; they are {', '.join(_MEMBERS)}")
    for name, value in data.items():
        is_valid, expected = _MEMBERS[name]
        if not is_valid(value):
            raise InvalidScript(f"{name}: expected {expected}, got {str(value)[:60]!r}")
    times: int = data.get("times", 1)
    return _responses(data, fixtures) * times


def _responses(data: dict[str, Json], fixtures: Callable[[], Fixtures]) -> list[ScriptedResponse]:
    if "fixture" in data:
        known = fixtures()
        if data["fixture"] not in known:
            raise InvalidScript(f"fixture: there is no response fixture {data['fixture']!r}; GET /__fixtures lists them")
        return [known[data["fixture"]]]
    status = data.get("status")
    options: dict[str, Any] = {name: data[name] for name in ("delay", "cut", "retry_after", "retry_after_form") if name in data}
    body = _body(data)
    sent = body[: len(body) // 2] if data.get("cut") else body
    return [ScriptedResponse(status=status, body=sent, headers=_headers(data), **options)]


def _body(data: dict[str, Json]) -> bytes:
    if "body" not in data:
        status = data.get("status")
        return orjson.dumps({"detail": f"{_phrase(status)} (scripted)"}) if status else b""
    body = data["body"]
    return body.encode() if isinstance(body, str) else orjson.dumps(body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _headers(data: dict[str, Json]) -> Headers:
    given = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in data.get("headers", {}).items())
    return given if any(name == b"content-type" for name, _ in given) else (*JSON_HEADERS, *given)


def _is_seconds(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST_SECONDS


def _is_integer_within(low: int, high: int) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_headers(value: Json) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, str) and name.isascii() and each.isascii() and (name + each).isprintable()
        for name, each in value.items()
    )


# By member a predicate, and the expectation in words.
_MEMBERS: dict[str, tuple[Callable[[Json], bool], str]] = {
    "status": (_is_integer_within(200, 599), "a status code from 200 to 599"),
    "body": (lambda _: True, "any JSON value"),
    "headers": (_is_headers, "an object of ASCII strings"),
    "delay": (_is_seconds, f"seconds, at most {_MOST_SECONDS:g}"),
    "cut": (lambda value: isinstance(value, bool), "true or false"),
    "retry_after": (_is_seconds, f"seconds, at most {_MOST_SECONDS:g}"),
    "retry_after_form": (lambda value: value in _FORMS, " or ".join(_FORMS)),
    "times": (_is_integer_within(1, _MOST_TIMES), f"a whole number from 1 to {_MOST_TIMES}"),
    "fixture": (lambda value: isinstance(value, str), "the id of a response fixture"),
}
