"""Deviations in types: values of another type are accepted too, or only some of the stated one."""

from __future__ import annotations

from collections.abc import Iterator

from emulator.faults.generated.change import LENIENT, Change, both, having
from emulator.faults.generated.places import Edit
from openapi.coercion.parsers import is_lenient
from openapi.json_types import Json
from openapi.schema.nodes import Node

_OTHERS = {
    "string": ("array", "object"),
    "integer": ("string", "array", "object"),
    "number": ("string", "array", "object"),
    "boolean": ("string", "array", "object"),
    "array": ("string", "number"),
    "object": ("string", "array", "number"),
}
_SAMPLES: dict[str, tuple[Json, ...]] = {"string": ("x", "two words", ""), "number": (0, 5, -0.5)}


def other_types(node: Node, value: Json) -> Iterator[Change]:
    """Yield changes that accept another type too, or only some values of the stated one."""
    stated = [value] if isinstance(value, str) else list(value)
    values_only = any(constraint.keyword in ("enum", "const") for constraint in node.constraints)
    if not values_only:
        for other in _OTHERS.get(stated[0], ()):
            edit = both(about(stated), having(type=[*stated, other]))
            samples = _SAMPLES.get(other, ())
            same = bool(samples) and all(is_lenient(node, each) for each in samples)
            yield Change(f"or-{other}", f"a value of type {other} is taken too", edit, equivalent=LENIENT if same else None)
    for slug, what, edit in _NARROWER.get(stated[0], ()):
        yield Change(slug, what, edit, also=("minimum", "maximum", "format", "enum"))


_COMPOSITE = ("oneOf", "anyOf", "not")


def about(types: list[str]) -> Edit:
    """Return the edit after which rules about several members do not apply to values of other types.

    JSON Schema's `required` is satisfied by anything but an object, so `not` and `oneOf` around it would refuse such values.
    """
    other = {"not": {"type": types}}

    def edit(schema: dict[str, Json]) -> dict[str, Json]:
        found = [{key: schema[key]} for key in _COMPOSITE if key in schema]
        kept = {key: value for key, value in schema.items() if key not in _COMPOSITE}
        members = [_or(other, each) if "x-rule" in each else each for each in schema.get("allOf", ())]
        conjuncts = [*members, *(_or(other, each) for each in found)]
        return {**kept, "allOf": conjuncts} if conjuncts else kept

    return edit


def _or(other: Json, rule: Json) -> Json:
    """Return a rule that another schema may satisfy instead; it keeps its name, by which undocumented rules are found."""
    named = {key: value for key, value in rule.items() if key.startswith("x-")}
    return {"anyOf": [other, {key: value for key, value in rule.items() if key not in named}], **named}


_NARROWER: dict[str, tuple[tuple[str, str, Edit], ...]] = {
    "number": (("whole-only", "a fraction is refused", having(type="integer")),),
    "boolean": (
        ("true-only", "false is refused", having(enum=[True])),
        ("false-only", "true is refused", having(enum=[False])),
    ),
}
