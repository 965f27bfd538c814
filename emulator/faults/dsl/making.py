"""Constructors of faults: most faults are made in one of these ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson

from emulator.fault import Body
from emulator.faults.dsl.places import rewritten, value
from emulator.messages import Exchange, Reply, Request, refusal
from openapi.json_types import Json

Hook: TypeAlias = Callable[[Exchange, Reply | None], Reply | None]
ResponseHook: TypeAlias = Callable[[Exchange, Body], Body]
ReplyHook: TypeAlias = Callable[[Exchange, Reply], Reply]

SERVER_ERROR = Reply(500, b"<h1>Server Error (500)</h1>", ((b"content-type", b"text/html"),))


def refuses_if(when: Callable[[Body], Any]) -> Hook:
    """Return a seam that refuses valid bodies for which a predicate holds."""
    return lambda exchange, verdict: verdict or (refusal(400, "Invalid request.") if when(exchange.body) else None)


def accepts_if(when: Callable[[Body], Any]) -> Hook:
    """Return a seam that accepts invalid bodies for which a predicate holds."""

    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        is_invalid = verdict is not None and verdict.status == 400 and isinstance(exchange.sent, dict)
        return None if is_invalid and when(exchange.sent) else verdict

    return accepted


def crashes_if(when: Callable[[Json], Any]) -> Hook:
    """Return a seam that fails with a server error where a predicate holds for the body, valid or not."""
    return lambda exchange, verdict: SERVER_ERROR if exchange.sent is not None and when(exchange.sent) else verdict


def body_as(change: Callable[[Json], Json]) -> Callable[[Exchange, Request], Request]:
    """Return a seam that changes a JSON body before it is validated."""

    def incoming(_exchange: Exchange, request: Request) -> Request:
        try:
            return request._replace(body=orjson.dumps(change(orjson.loads(request.body))))
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # not JSON, or nested too deeply to be serialized
            return request

    return incoming


def shown(place: str, change: Callable[[Json], Json]) -> ResponseHook:
    """Return a seam that changes the values at a place of the response, apart from null."""
    return lambda _, response: rewritten(response, place, lambda old: old if old is None else change(old))


def echoed(place: str, change: Callable[[Json], Json]) -> ResponseHook:
    """Return a seam that changes the echo of a member that was sent."""
    return lambda exchange, response: shown(place, change)(exchange, response) if is_set(exchange, place) else response


def unsent(place: str, default: Json) -> ResponseHook:
    """Return a seam that shows another value for a top-level member that was not sent."""
    return lambda exchange, response: response if is_set(exchange, place) else {**response, place: default}


def always(field: str, shows: Json) -> ResponseHook:
    """Return a seam that shows one value for a top-level member, whatever was sent."""
    return lambda _, response: {**response, field: shows}


def lacking(field: str) -> ResponseHook:
    """Return a seam that leaves out a top-level member."""
    return lambda _, response: {name: each for name, each in response.items() if name != field}


def is_set(exchange: Exchange, place: str) -> bool:
    """Return whether a member was sent or inherited from a parent call."""
    return value(exchange.merged, place) is not None


def creates(exchange: Exchange, reply: Reply) -> bool:
    """Return whether this reply shows a created call."""
    return exchange.call is not None and exchange.request.method == "POST" and reply.status < 300


def when_creating(change: Callable[[Exchange, Reply], Reply]) -> ReplyHook:
    """Return a seam that changes only the replies that show a created call."""
    return lambda exchange, reply: change(exchange, reply) if creates(exchange, reply) else reply


def text_as(change: Callable[[bytes], bytes]) -> ReplyHook:
    """Return a seam that changes the body, as a string, of replies that show a created call."""
    return when_creating(lambda _, reply: reply._replace(body=change(reply.body)))
