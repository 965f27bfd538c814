"""The alternative that the emulator's responses take: the first branch of each `oneOf` and `anyOf` that describes something."""

from __future__ import annotations

from emulator.identity import by_identity
from openapi.json_types import Json, Schema

_DESCRIBING = frozenset({"$ref", "properties", "type", "allOf", "items"})


@by_identity(64)
def with_first(schema: Schema) -> Schema:
    """Return a schema in which the first branch stands for all of them; the same object where there is nothing to choose."""
    found = _chosen(schema)
    return schema if found == schema else found


def _chosen(value: Json) -> Json:
    if isinstance(value, list):
        return [_chosen(each) for each in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _chosen(each) for key, each in value.items()}
    for keyword in ("oneOf", "anyOf"):
        branches = changed.get(keyword)
        if isinstance(branches, list) and branches and _describes(branches[0]):
            del changed[keyword]
            changed["allOf"] = [*changed.get("allOf", ()), branches[0]]
    return changed


def _describes(branch: Json) -> bool:
    return isinstance(branch, dict) and bool(_DESCRIBING & branch.keys())
