"""Values that one server is known to accept, put into the schema of the body as `x-known-values`."""

from __future__ import annotations

from collections.abc import Sequence

from openapi.json_types import Json, Schema, looked_up

_KEYWORD = "x-known-values"


def with_known_values(schema: Schema, place: str, values: Sequence[Json]) -> Schema | None:
    """Return a schema that knows values at a place such as `tools.*.id`; None where it has no such place."""
    steps = place.split(".")
    changed, found = _changed(schema, schema, steps, list(values))
    return changed if found else None


def _changed(root: Schema, schema: Json, steps: list[str], values: list[Json]) -> tuple[Json, bool]:
    """The schema with the values wherever the steps lead, references inlined on the way, and whether they lead anywhere."""
    if not isinstance(schema, dict):
        return schema, False
    if "$ref" in schema:
        target = looked_up(root, str(schema["$ref"]).removeprefix("#"), {})
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        inlined, found = _changed(root, {**target, **rest}, steps, values)
        return (inlined, True) if found else (schema, False)
    if not steps:
        return {**schema, _KEYWORD: values}, True
    step, further = steps[0], steps[1:]
    result, has_found = dict(schema), False
    for keyword, inner in schema.items():
        found = False
        if keyword == "properties" and step in inner:
            member, found = _changed(root, inner[step], further, values)
            result[keyword] = {**inner, step: member}
        elif keyword in ("items", "additionalProperties") and step == "*":
            result[keyword], found = _changed(root, inner, further, values)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            pairs = [_changed(root, each, steps, values) for each in inner]
            result[keyword], found = [each for each, _ in pairs], any(is_found for _, is_found in pairs)
        has_found = has_found or found
    return result, has_found
