"""Edits of a contract at one place; the same definition stays unchanged everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from emulator.value_kinds import INLINED, definition, is_nullable_composite
from openapi.contract import Contract, Parameter
from openapi.json_types import Json, Schema

Change = Callable[[dict[str, Json]], dict[str, Json]]
Edit = Callable[[Contract], Contract]


def at(place: str, *changes: Change) -> Edit:
    """Return an edit of the request schema at one place (`items.*.name`); without effect it returns the same contract."""
    steps = tuple(place.split(".")) if place else ()

    def edit(contract: Contract) -> Contract:
        effects: list[bool] = []

        def change(schema: dict[str, Json]) -> dict[str, Json]:
            after = _all(changes, schema)
            effects.append(after != schema)
            return after

        request = _edited(contract.request, contract.request, steps, (change,))
        # Definitions on the way are copied in any case, so the schemas themselves cannot be compared.
        return replace(contract, request=request) if any(effects) else contract

    return edit


def parameter(name: str, *changes: Change) -> Edit:
    """Return an edit of the schema of a query parameter."""

    def edit(contract: Contract) -> Contract:
        return replace(contract, parameters=tuple(map(changed, contract.parameters)))

    def changed(each: Parameter) -> Parameter:
        return replace(each, schema=_all(changes, dict(each.schema))) if each.name == name else each

    return edit


def extension(name: str, change: Callable[[Json], Json]) -> Edit:
    """Return an edit of one of the operation's `x-` members, if it has it."""

    def edit(contract: Contract) -> Contract:
        if name not in contract.extensions:
            return contract
        return replace(contract, extensions={**contract.extensions, name: change(contract.extensions[name])})

    return edit


def both(*edits: Edit) -> Edit:
    """Return two edits as one, applied in order."""

    def edit(contract: Contract) -> Contract:
        for each in edits:
            contract = each(contract)
        return contract

    return edit


def without(*keywords: str) -> Change:
    """Return a change that drops keywords."""
    return lambda schema: {key: value for key, value in schema.items() if key not in keywords}


def having(**keywords: Any) -> Change:
    """Return a change that sets keywords; in names a final underscore is dropped, any other stands for a hyphen."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in keywords.items()}
    return lambda schema: {**schema, **named}


def changing(keyword: str, change: Callable[[Json], Json]) -> Change:
    """Return a change of a keyword's value, where the keyword is present."""
    return lambda schema: {**schema, keyword: change(schema[keyword])} if keyword in schema else schema


def renamed(old: str, new: str) -> Change:
    """Return a change that renames a keyword."""
    return lambda schema: {new if key == old else key: value for key, value in schema.items()}


def without_member(member: Json) -> Change:
    """Return a change that removes a member from an enum."""
    return changing("enum", lambda members: [each for each in members if each != member])


def without_rule(slug: str) -> Change:
    """Return a change that drops a named rule from `allOf`."""
    return changing("allOf", lambda rules: [rule for rule in rules if rule.get("x-rule") != slug] or [{}])


def with_rule(slug: str, change: Change) -> Change:
    """Return a change of a named rule in `allOf`."""
    return changing("allOf", lambda rules: [change(rule) if rule.get("x-rule") == slug else rule for rule in rules])


def without_property(name: str) -> Change:
    """Return a change that drops a property, as if the server did not know it."""
    return changing("properties", lambda known: {key: value for key, value in known.items() if key != name})


def _all(changes: tuple[Change, ...], schema: dict[str, Json]) -> dict[str, Json]:
    for change in changes:
        schema = change(schema)
    return schema


def _edited(schema: Schema, root: Schema, steps: tuple[str, ...], changes: tuple[Change, ...]) -> Schema:
    if not isinstance(schema, dict) or "x-rule" in schema:
        return schema
    plain = _inlined(schema, root)
    if "allOf" in plain:
        plain["allOf"] = [_edited(member, root, steps, changes) for member in plain["allOf"]]
    if is_nullable_composite(plain):
        plain["else"] = _edited(plain["else"], root, steps, changes)
    if not steps:
        return _all(changes, plain)
    owner = _owner(plain, steps[0])
    if owner is not None:
        inside, key = owner
        inside[key] = _edited(inside[key], root, steps[1:], changes)
    return plain


def _inlined(schema: Schema, root: Schema) -> dict[str, Json]:
    """Return the schema with a copy of the definition that it refers to in its `allOf`."""
    if "$ref" not in schema:
        return dict(schema)
    name = definition(schema["$ref"])
    copy = {**root["$defs"][name], INLINED: name}
    rest = {key: value for key, value in schema.items() if key != "$ref"}
    return {**rest, "allOf": [*rest.get("allOf", ()), copy]}


def _owner(schema: dict[str, Json], step: str) -> tuple[dict[str, Json], str] | None:
    """Return the object in a copied schema that holds the schema of the next step, and its key there."""
    if step == "*":
        keyword = next((key for key in ("items", "additionalProperties") if isinstance(schema.get(key), Mapping)), None)
        return (schema, keyword) if keyword else None
    if step in schema.get("properties", {}):
        schema["properties"] = dict(schema["properties"])
        return schema["properties"], step
    return None
