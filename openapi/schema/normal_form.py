"""The normal form of schemas that admit null.

Nullable composites are `{"if": {"type": "null"}, "else": REST}`, so that a validator's errors are those of REST and not of an
`anyOf` around it.
"""

from __future__ import annotations

from collections.abc import Mapping

from openapi.json_types import Json

NULL = {"type": "null"}


def or_null(rest: dict[str, Json]) -> dict[str, Json]:
    """Return the normal form of "null, or REST"."""
    return {"if": NULL, "else": rest}


def nullable_rest(schema: Mapping[str, Json]) -> Json | None:
    """Return REST of the normal form of "null, or REST"; None for any other schema."""
    return schema.get("else") if schema.get("if") == NULL and "then" not in schema else None


def is_null(schema: Json) -> bool:
    """Return whether a schema admits null and nothing else."""
    if not isinstance(schema, dict):
        return False
    return schema.get("type") in ("null", ["null"]) or schema.get("enum") == [None] or schema.get("const", ...) is None
