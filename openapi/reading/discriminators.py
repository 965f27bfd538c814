"""Discriminators as constraints: a branch is meant by the value of one member, which OpenAPI says and JSON Schema does not.

    discriminator: {propertyName: kind, mapping: {circle: '#/…/Circle'}}
    oneOf: [{$ref: '#/…/Circle'}]
    ->  oneOf: [{allOf: [{$ref: '#/…/Circle'}, {required: [kind], properties: {kind: {const: circle}}}]}]

Without a mapping the value is the name of the schema (OpenAPI 3.1, 4.8.25). A branch that fixes the member stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openapi.json_types import Json

_COMBINING = ("oneOf", "anyOf")


def branches_by_value(schema: dict[str, Json], origin: str, followed: Callable[[Json], Json]) -> dict[str, Json]:
    """Return a schema whose branches state the value of its discriminator. `followed` gives the schema behind a reference."""
    stated = schema.get("discriminator")
    if not isinstance(stated, Mapping) or not isinstance(stated.get("propertyName"), str):
        return schema
    member, mapping = stated["propertyName"], stated.get("mapping")
    changed = {}
    for keyword in _COMBINING:
        branches = schema.get(keyword)
        if isinstance(branches, list):
            changed[keyword] = [
                _fixed(each, f"{origin}/{keyword}/{index}", member, mapping if isinstance(mapping, Mapping) else {}, followed)
                for index, each in enumerate(branches)
            ]
    return {**schema, **changed}


def _fixed(branch: Json, origin: str, member: str, mapping: Mapping[str, Json], followed: Callable[[Json], Json]) -> Json:
    if not isinstance(branch, dict) or not isinstance(branch.get("$ref"), str):
        return branch
    own = followed(branch)
    described = own.get("properties", {}).get(member, {}) if isinstance(own, dict) else {}
    if not isinstance(own, dict) or (isinstance(described, dict) and {"const", "enum"} & described.keys()):
        return branch
    name = _last(branch["$ref"])
    values = [value for value, target in mapping.items() if _last(str(target)) == name] or [name]
    fixed = {"const": values[0]} if len(values) == 1 else {"enum": values}
    return {"allOf": [{**branch, "x-origin": origin}, {"properties": {member: fixed}, "required": [member]}]}


def _last(reference: str) -> str:
    """Return the last step of a reference, which names a schema."""
    return reference.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
