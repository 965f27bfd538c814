"""The members that a rule about an object speaks of."""

from __future__ import annotations

from openapi.json_types import Json

_APPLIED = ("not", "allOf", "anyOf", "oneOf", "if", "then", "else")


def mentioned(schema: Json) -> frozenset[str]:
    """The names of the object's own members that a schema speaks of; what it says inside them is not looked into."""
    if isinstance(schema, list):
        return frozenset[str]().union(*map(mentioned, schema))
    if not isinstance(schema, dict):
        return frozenset()
    own = frozenset(schema.get("properties", ())) | frozenset(schema.get("required", ()))
    return own.union(*(mentioned(schema[key]) for key in _APPLIED if key in schema))
