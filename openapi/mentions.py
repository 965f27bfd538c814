"""The members that a rule about an object speaks of."""

from __future__ import annotations

from openapi.json_types import Json, Schema

APPLIED = ("not", "allOf", "anyOf", "oneOf", "if", "then", "else")  # keywords of schemas that apply to the same object


def mentioned(schema: Json) -> frozenset[str]:
    """The names of the object's own members that a schema speaks of; what it says inside them is not looked into."""
    if isinstance(schema, list):
        return frozenset[str]().union(*map(mentioned, schema))
    if not isinstance(schema, dict):
        return frozenset()
    own = frozenset(schema.get("properties", ())) | frozenset(schema.get("required", ()))
    return own.union(*(mentioned(schema[key]) for key in APPLIED if key in schema))


def connected(rule: Schema) -> frozenset[str]:
    """The fields of request and answer between which one of the `x-exchange-rules` draws a line."""
    stated = [rule.get(part, {}).get("properties", {}) for part in ("when", "then")]
    return frozenset[str]().union(*(mentioned(each.get(side)) for each in stated for side in ("body", "answer")))
