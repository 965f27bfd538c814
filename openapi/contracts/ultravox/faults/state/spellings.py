"""Faults of ids in another spelling: the server fails at one, or takes it for an id that names nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlencode

from emulator.fault import Fault
from emulator.faults.dsl.making import SERVER_ERROR
from emulator.messages import Exchange, Reply, Request

from .family import FAMILY

_PARENT = "priorCallId"
_PLAIN = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_FINDS = ("query.*", "state.*", "robustness.server-error")


def _parent_of(request: Request) -> str:
    return dict(parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)).get(_PARENT, "")


def _read_id(request: Request) -> str:
    return unquote(request.path.rpartition("/")[2])


def _is_upper(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text != text.lower()


def _is_braced(text: str) -> bool:
    return text[:1] == "{" and _PLAIN.fullmatch(text[1:-1]) is not None


def _is_bare(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{32}", text) is not None


def _is_padded(text: str) -> bool:
    return text != text.strip() and _PLAIN.fullmatch(text.strip()) is not None


def _crashing(name: str, summary: str, when: Callable[[str], bool], of: Callable[[Request], str]) -> Fault:
    def reply(exchange: Exchange, given: Reply) -> Reply:
        return SERVER_ERROR if when(of(exchange.request)) and given.status not in (401, 403) else given

    return Fault(name=name, family=FAMILY, summary=summary, expects=_FINDS, reply=reply)


def _ignoring(name: str, summary: str, when: Callable[[str], bool]) -> Fault:
    def incoming(_exchange: Exchange, request: Request) -> Request:
        pairs = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
        kept = [pair for pair in pairs if pair[0] != _PARENT or not when(pair[1])]
        return request if kept == pairs else request._replace(query_string=urlencode(kept).encode())

    return Fault(name=name, family=FAMILY, summary=summary, expects=_FINDS, incoming=incoming)


FAULTS: tuple[Fault, ...] = (
    _crashing("parent-upper-case-crash", "a parent call in capital letters makes the server fail", _is_upper, _parent_of),
    _crashing("parent-in-braces-crash", "a parent call in braces makes the server fail", _is_braced, _parent_of),
    _crashing("parent-without-dashes-crash", "a parent call without dashes makes the server fail", _is_bare, _parent_of),
    _crashing("parent-padded-crash", "a parent call between blanks makes the server fail", _is_padded, _parent_of),
    _crashing("read-upper-case-crash", "reading a call in capital letters makes the server fail", _is_upper, _read_id),
    _crashing("read-without-dashes-crash", "reading a call without dashes makes the server fail", _is_bare, _read_id),
    _ignoring("parent-upper-case-ignored", "a parent call in capital letters hands on nothing", _is_upper),
    _ignoring("parent-in-braces-ignored", "a parent call in braces hands on nothing", _is_braced),
    _ignoring("parent-without-dashes-ignored", "a parent call without dashes hands on nothing", _is_bare),
)
