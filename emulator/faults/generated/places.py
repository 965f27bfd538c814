"""Changes of a schema at one place: definitions on the way are copied, so that no other occurrence changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from emulator.value_kinds import INLINED, definition
from openapi.contract import Contract
from openapi.json_types import Json, Schema, escape
from openapi.schema.nodes import Node, tree
from openapi.schema.normal_form import nullable_rest

Edit = Callable[[dict[str, Json]], dict[str, Json]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A schema that applies at a place; `pointer` is its position in the normal form."""

    place: tuple[str, ...]
    pointer: str


def changed(root: Schema, spot: Spot, edit: Edit) -> Schema:
    """Return the schema with the spot edited, at that place only."""
    result = _Copy(root, spot.pointer, edit).of(root, "", spot.place)
    return result if isinstance(result, dict) else root


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy of the schemas that lead to a place."""

    root: Schema
    target: str
    edit: Edit

    def of(self, schema: Json, pointer: str, place: tuple[str, ...]) -> Json:
        """Return the schema at a pointer, edited at the rest of the place."""
        if not isinstance(schema, dict):
            return schema
        copy = {key: value for key, value in schema.items() if key != "$ref"}
        conjuncts = self._conjuncts(schema, pointer, place)
        if conjuncts:
            copy["allOf"] = conjuncts
        if nullable_rest(schema) is not None:
            copy["else"] = self.of(schema["else"], f"{pointer}/else", place)
        if place:
            return self._below(copy, pointer, place[0], place[1:])
        return self.edit(copy) if pointer == self.target else copy

    def _conjuncts(self, schema: Schema, pointer: str, place: tuple[str, ...]) -> list[Json]:
        """Return the members of `allOf`, and the definition that `$ref` refers to as one more."""
        found = [
            each if isinstance(each, dict) and "x-rule" in each else self.of(each, f"{pointer}/allOf/{index}", place)
            for index, each in enumerate(schema.get("allOf", ()))
        ]
        if "$ref" in schema:
            name = definition(schema["$ref"])
            found.append({**self.of(self.root["$defs"][name], f"/$defs/{escape(name)}", place), INLINED: name})
        return found

    def _below(self, copy: dict[str, Json], pointer: str, step: str, rest: tuple[str, ...]) -> dict[str, Json]:
        if step in copy.get("properties", {}):
            inner = self.of(copy["properties"][step], f"{pointer}/properties/{escape(step)}", rest)
            return {**copy, "properties": {**copy["properties"], step: inner}}
        keyword = next((key for key in ("items", "additionalProperties") if isinstance(copy.get(key), dict)), None)
        if step == "*" and keyword is not None:
            return {**copy, keyword: self.of(copy[keyword], f"{pointer}/{keyword}", rest)}
        return copy


def in_request(spot: Spot, edit: Edit) -> Callable[[Contract], Contract]:
    """Return a change of the request at one spot."""
    return lambda contract: replace(contract, request=changed(contract.request, spot, edit))


def in_response(spot: Spot, edit: Edit) -> Callable[[Contract], Contract]:
    """Return a change of the response at one spot."""
    return lambda contract: replace(contract, response=changed(contract.response, spot, edit))


def in_turn(*changes: Callable[[Contract], Contract]) -> Callable[[Contract], Contract]:
    """Return several changes as one, applied in order."""

    def all_of_them(contract: Contract) -> Contract:
        for change in changes:
            contract = change(contract)
        return contract

    return all_of_them


def spots(schema: Schema, place: tuple[str, ...], keyword: str) -> list[Spot]:
    """Yield the spots at which a schema states a keyword about a place."""
    node = node_at(tree(schema), place)
    return [Spot(place, part.pointer) for part in node.parts if keyword in part.schema] if node else []


def node_at(root: Node, place: tuple[str, ...]) -> Node | None:
    """Return the node at a place, in which `*` stands for each item."""
    node: Node | None = root
    for step in place:
        node = node and (node.properties.get(step) or (node.each if step == "*" else None))
    return node
