"""The schema of one place: all that a description says about the value there, as a schema of its own."""

from __future__ import annotations

from functools import lru_cache

import jsonschema_rs

from openapi.json_types import Json, Schema
from openapi.schema.definitions import needed
from openapi.schema.extensions import KEYWORDS
from openapi.schema.nodes import Node
from openapi.schema.normal_form import nullable_rest


def whole(node: Node) -> dict[str, Json]:
    """Return a self-contained schema for the value at one place as it is stated, references included."""
    stated = [part.schema for part in node.stated]
    schema = stated[0] if len(stated) == 1 else {"allOf": stated}
    return {**schema, "$defs": needed(stated, node.root.get("$defs", {}))}


def alone(node: Node, *, without: frozenset[str] = frozenset(), rule: str = "") -> dict[str, Json]:
    """Return a self-contained schema for the value at one place, without some keywords or one named rule."""
    if not without and any(key in part.schema for part in node.parts for key in _UNEVALUATED):
        return whole(node)  # what is evaluated depends on what the references and `allOf` beside it lead to
    own = [_own(part.schema, without, rule) for part in node.parts]
    return {"allOf": own, "$defs": needed(own, node.root.get("$defs", {}))}


_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_ELSEWHERE = frozenset({"$ref", "allOf", "$defs"})  # what these lead to are parts of their own


def _own(schema: Schema, without: frozenset[str], rule: str) -> dict[str, Json]:
    dropped = _ELSEWHERE | without | ({"if", "else"} if nullable_rest(schema) is not None else set())
    own = {key: value for key, value in schema.items() if key not in dropped}
    named = [each for each in schema.get("allOf", ()) if isinstance(each, dict) and each.get("x-rule", rule) != rule]
    return {**own, "allOf": named} if named else own


def admits(node: Node, value: Json) -> bool:
    """Return whether the value satisfies every keyword at this place, by the validator."""
    return validator_of(node).is_valid(value)


@lru_cache(maxsize=8192)
def validator_of(node: Node) -> jsonschema_rs.Validator:
    """Return a validator for the value at one place alone."""
    keywords = {"x-duration": KEYWORDS["x-duration"]} if node.get("x-duration") is not None else None
    return jsonschema_rs.Draft202012Validator(alone(node), validate_formats=True, keywords=keywords)
