"""Values that one server is known to accept, put into the schema of the body as `x-known-values`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openapi.json_types import Json, Schema, looked_up

_KEYWORD = "x-known-values"


def with_known_values(schema: Schema, place: str, values: Sequence[Json]) -> Schema | None:
    """Return a schema that knows values at a place such as `tools.*.id`; None where it has no such place."""
    steps = place.split(".")
    changed, found = _changed(schema, schema, steps, list(values))
    return changed if found else None


def _changed(root: Schema, schema: Json, steps: list[str], values: list[Json]) -> tuple[Json, bool]:
    """Return the schema with the values wherever the steps lead, references inlined, and whether they lead anywhere."""
    if not isinstance(schema, dict):
        return schema, False
    if "$ref" in schema:
        target = looked_up(root, str(schema["$ref"]).removeprefix("#"), {})
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        inlined, found = _changed(root, {**target, **rest}, steps, values)
        return (inlined, True) if found else (schema, False)
    if not steps:
        return {**schema, _KEYWORD: values}, True
    result, has_found = dict(schema), False
    for keyword, inner in schema.items():
        result[keyword], found = _INTO[keyword](root, inner, steps, values) if keyword in _INTO else (inner, False)
        has_found = has_found or found
    return result, has_found


def _in_properties(root: Schema, inner: Json, steps: list[str], values: list[Json]) -> tuple[Json, bool]:
    if steps[0] not in inner:
        return inner, False
    member, found = _changed(root, inner[steps[0]], steps[1:], values)
    return {**inner, steps[0]: member}, found


def _in_each(root: Schema, inner: Json, steps: list[str], values: list[Json]) -> tuple[Json, bool]:
    return _changed(root, inner, steps[1:], values) if steps[0] == "*" else (inner, False)


def _in_branches(root: Schema, inner: Json, steps: list[str], values: list[Json]) -> tuple[Json, bool]:
    pairs = [_changed(root, each, steps, values) for each in inner]
    return [each for each, _ in pairs], any(found for _, found in pairs)


# How steps go on below a keyword.
_INTO: dict[str, Callable[[Schema, Json, list[str], list[Json]], tuple[Json, bool]]] = {
    "properties": _in_properties,
    **dict.fromkeys(("items", "additionalProperties"), _in_each),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _in_branches),
}
