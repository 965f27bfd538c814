"""References between the definitions of a schema in normal form: `#/$defs/NAME`, or a place inside one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openapi.json_types import Json, tokens

_PREFIX = "#/$defs/"


def needed(schema: Json, definitions: Mapping[str, Json]) -> dict[str, Json]:
    """Return the definitions that a schema refers to, directly or through others."""
    found: dict[str, Json] = {}
    waiting = list(_names_in(schema))
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found:
            found[name] = definitions[name]
            waiting += _names_in(definitions[name])
    return found


def _names_in(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(_PREFIX):
            yield tokens(reference.removeprefix("#"))[1]
        for member in value.values():
            yield from _names_in(member)
    elif isinstance(value, list):
        for element in value:
            yield from _names_in(element)
