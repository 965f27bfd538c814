"""Faults in parsing: bodies that are not JSON are read, as lenient parsers do."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from contextlib import suppress

import orjson

from emulator.fault import Fault
from emulator.messages import Exchange, Request

FAMILY = "accepts-invalid"
_RULE = "protocol.malformed-json"
_LAST_COMMA = re.compile(rb",\s*([}\]])")


def _leniently(name: str, summary: str, read: Callable[[bytes], bytes]) -> Fault:
    def incoming(_: Exchange, request: Request) -> Request:
        with suppress(orjson.JSONDecodeError):
            orjson.loads(request.body)
            return request
        with suppress(ValueError, SyntaxError, TypeError):
            return request._replace(body=read(request.body))
        return request

    return Fault(name=name, family=FAMILY, summary=summary, expects=(_RULE,), incoming=incoming)


FAULTS: tuple[Fault, ...] = (
    _leniently("trailing-comma", "a comma may stand behind the last member", lambda raw: _LAST_COMMA.sub(rb"\1", raw)),
    _leniently(
        "single-quotes",
        "a body may be written as Python writes objects",
        lambda raw: orjson.dumps(ast.literal_eval(raw.decode("utf-8", "strict"))),
    ),
)
