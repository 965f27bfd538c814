"""The JSON value of a response body, whatever its size: deep nesting and long numbers are what a server may send.

The parser for all others is orjson. It reads no number beyond what 64 bits hold, which is JSON all the same (RFC 8259, 6). The
validators take no value that is nested deeper than 255: what lies below is cut, so that what is above it can be judged.
"""

from __future__ import annotations

import json
from typing import NoReturn

import orjson

from openapi.json_types import Json

NOT_JSON = object()
DEEPEST = 240  # levels; what is sent has far fewer


def json_of(content: bytes) -> Json:
    """Return the JSON value of a body, or NOT_JSON. Containers below level :data:`DEEPEST` are empty in it."""
    try:
        value = orjson.loads(content)
    except ValueError:
        value = _with_long_numbers(content)
    is_flat = content.count(b"[") + content.count(b"{") <= DEEPEST
    return value if value is NOT_JSON or is_flat else _cut(value, DEEPEST)


def _with_long_numbers(content: bytes) -> Json:
    """Return the value of a body that orjson does not read, if integers are all that it stumbled over."""
    try:
        value = json.loads(content.decode(), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text in any encoding
    except (ValueError, RecursionError):
        return NOT_JSON
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _cut(value: Json, levels: int) -> Json:
    if isinstance(value, dict):
        return {name: _cut(each, levels - 1) for name, each in value.items()} if levels else {}
    if isinstance(value, list):
        return [_cut(each, levels - 1) for each in value] if levels else []
    return value
