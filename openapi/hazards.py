"""Hazards: properties that must never be sent, since they dial, pay or call out.

A contract marks its own with `x-hazard`. Some names are hazards in any description (`hazards.yaml`): a later version of an API
may have one that nobody has marked yet. The marks keep hazards out of every plan; `found_in` is the last look at the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

import orjson
import yaml

from openapi.json_types import Json, Schema

_TABLE = Path(__file__).parent / "hazards.yaml"
_BETWEEN = re.compile(r"[^a-z0-9]")
_MEMBER = re.compile(rb'"([A-Za-z][A-Za-z0-9_. -]{1,60})"\s*:')
_ESCAPED_NAME = re.compile(rb'\\.[^"\\]*"\s*:', re.DOTALL)  # the last escape in the name of a member
MARK = "x-hazard"


@cache
def built_in() -> Mapping[str, str]:
    """Return what each name does that is a hazard in any description, by the name in its plain form."""
    table = yaml.load(_TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {plain(name): why for why, names in table.items() for name in names}


@lru_cache(maxsize=4_096)  # every body of a run has much the same names
def plain(name: str) -> str:
    """Return a name without case and without what joins its words."""
    return _BETWEEN.sub("", name.lower())


def marked(schema: Json) -> Json:
    """Return a schema in which every property with a hazardous name is marked, unless it is marked already."""
    if isinstance(schema, list):
        return [marked(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _member(name, each) for name, each in value.items()}
        if key == "properties" and isinstance(value, dict)
        else marked(value)
        for key, value in schema.items()
    }


def _member(name: str, schema: Json) -> Json:
    inner, why = marked(schema), built_in().get(plain(name))
    if why is None or schema is False or (isinstance(inner, dict) and MARK in inner):
        return inner
    return {**(inner if isinstance(inner, dict) else {}), MARK: why}


def names_in(schema: Schema) -> Mapping[str, str]:
    """Return the properties that a schema marks, by name in plain form, and what each of them does."""
    return dict(_marks(schema))


def _marks(schema: Json) -> Iterator[tuple[str, str]]:
    if isinstance(schema, list):
        for each in schema:
            yield from _marks(each)
    elif isinstance(schema, dict):
        for name, each in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
            if isinstance(each, dict) and MARK in each:
                yield plain(name), str(each[MARK])
        for each in schema.values():
            yield from _marks(each)


def found_in(content: bytes, hazards: Mapping[str, str]) -> str | None:
    """Return what a body holds that must not be sent, in words; None where it holds nothing of the kind.

    Bytes that are no JSON are searched as text: a lenient parser may read them.
    """
    named = [name.decode() for name in _MEMBER.findall(content)]
    if not any(plain(name) in hazards for name in named) and not _ESCAPED_NAME.search(content):
        return None
    with suppress(ValueError):
        named = list(_names(orjson.loads(content)))
    return next((f"{name}: it {hazards[plain(name)]}" for name in named if plain(name) in hazards), None)


def _names(value: Json) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            # An unset member does nothing.
            yield from (name for name, inner in each.items() if inner not in (None, False))
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
