"""Faults in whole bodies: values that are not JSON, and JSON values that are not objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from emulator.fault import Fault
from emulator.messages import Exchange, Reply, Request
from openapi.contract import Contract

_KINDS: dict[str, tuple[type, ...]] = {"text": (str,), "list": (list,), "number": (int, float), "null": (type(None),)}


def strings(contract: Contract) -> Iterator[Fault]:
    """Yield a fault for each type of body but objects, for non-JSON bodies, and for responses of both kinds."""
    for name, kinds in _KINDS.items():
        # No sentence says how null is treated.
        if name != "null":
            yield _body(f"or-{name}", f"a {name} counts as an empty body", "body.type", _counting_as_empty(kinds))
    yield _body("dropped", "what is no JSON counts as an empty body", "protocol.malformed-json", _malformed_is_empty)
    for name in ("list", "null"):
        yield Fault(
            name=f"response.type:a-{name}",
            family="response",
            summary=f"the response to a new call is a {name}",
            expects=("response.type", "response.json", "state.*", "auth.*", "query.*"),
            reply=_instead(name, contract.status),
        )


def _body(slug: str, what: str, rule: str, incoming: Callable[[Exchange, Request], Request]) -> Fault:
    return Fault(name=f"{rule}:{slug}", family="type", summary=what, expects=(rule, "protocol.*"), incoming=incoming)


def _counting_as_empty(kinds: tuple[type, ...]) -> Callable[[Exchange, Request], Request]:
    def incoming(_exchange: Exchange, request: Request) -> Request:
        return request._replace(body=b"{}") if isinstance(_read(request.body), kinds) else request

    return incoming


def _malformed_is_empty(_exchange: Exchange, request: Request) -> Request:
    return request._replace(body=b"{}") if _read(request.body) is _MALFORMED else request


_MALFORMED: Any = object()


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _MALFORMED


def _instead(name: str, success: int) -> Callable[[Exchange, Reply], Reply]:
    def reply(_exchange: Exchange, given: Reply) -> Reply:
        if given.status != success:
            return given
        return given._replace(body=b"null" if name == "null" else b"[" + given.body + b"]")

    return reply
