"""The few ways in which most faults are made."""

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
    """Refuses a good body of which something is true."""
    return lambda exchange, verdict: verdict or (refusal(400, "Invalid request.") if when(exchange.body) else None)


def accepts_if(when: Callable[[Body], Any]) -> Hook:
    """Accepts a bad body of which something is true."""

    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        is_invalid = verdict is not None and verdict.status == 400 and isinstance(exchange.sent, dict)
        return None if is_invalid and when(exchange.sent) else verdict

    return accepted


def crashes_if(when: Callable[[Json], Any]) -> Hook:
    """A server error where something is true of what was sent, good or bad."""
    return lambda exchange, verdict: SERVER_ERROR if exchange.sent is not None and when(exchange.sent) else verdict


def body_as(change: Callable[[Json], Json]) -> Callable[[Exchange, Request], Request]:
    """Changes what was sent, as far as it is JSON, before it is read."""

    def incoming(_exchange: Exchange, request: Request) -> Request:
        try:
            return request._replace(body=orjson.dumps(change(orjson.loads(request.body))))
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # no JSON, or nested more deeply than can be written
            return request

    return incoming


def shown(place: str, change: Callable[[Json], Json]) -> ResponseHook:
    """Changes what an answer shows at a place, where there is something that is not null."""
    return lambda _, response: rewritten(response, place, lambda old: old if old is None else change(old))


def echoed(place: str, change: Callable[[Json], Json]) -> ResponseHook:
    """Changes what an answer shows of a field that was sent."""
    return lambda exchange, response: shown(place, change)(exchange, response) if is_set(exchange, place) else response


def unsent(place: str, default: Json) -> ResponseHook:
    """Shows another value for a field of the first level that was not sent."""
    return lambda exchange, response: response if is_set(exchange, place) else {**response, place: default}


def always(field: str, shows: Json) -> ResponseHook:
    """Shows one value for a field of the first level, whatever was sent."""
    return lambda _, response: {**response, field: shows}


def lacking(field: str) -> ResponseHook:
    """Leaves out a field of the first level."""
    return lambda _, response: {name: each for name, each in response.items() if name != field}


def is_set(exchange: Exchange, place: str) -> bool:
    """Whether a field was sent, or came from a prior call."""
    return value(exchange.merged, place) is not None


def creates(exchange: Exchange, reply: Reply) -> bool:
    """Whether this reply tells of a created call."""
    return exchange.call is not None and exchange.request.method == "POST" and reply.status < 300


def when_creating(change: Callable[[Exchange, Reply], Reply]) -> ReplyHook:
    """Changes only the replies that tell of a created call."""
    return lambda exchange, reply: change(exchange, reply) if creates(exchange, reply) else reply


def text_as(change: Callable[[bytes], bytes]) -> ReplyHook:
    """Changes the text of replies that tell of a created call."""
    return when_creating(lambda _, reply: reply._replace(body=change(reply.body)))
