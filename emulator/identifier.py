"""The identifier of a created object: its place in a response, and new values for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain, count

from emulator.alternatives import with_first
from emulator.identity import by_identity
from emulator.pattern_values import numbered
from emulator.placeholder_values import new_id
from emulator.value_kinds import Kind, Shape, shape_of
from openapi.contract import Contract
from openapi.identifiers import identifier_of as suggested
from openapi.json_types import Json
from openapi.schema.nodes import tree


@dataclass(frozen=True)
class Identifier:
    """The member of a response that identifies the object; `new` makes another value with each call."""

    path: tuple[str, ...]
    new: Callable[[], str | int]

    def put(self, value: str | int, response: dict[str, Json]) -> dict[str, Json]:
        """Return a copy of a response with an identifier at its place."""
        identified: dict[str, Json] = _with(response, self.path, value)
        return identified

    def of(self, response: Json) -> str:
        """Return the identifier in a response as it stands in a path, empty if it has none."""
        for step in self.path:
            response = response.get(step) if isinstance(response, dict) else None
        return "" if response is None else str(response)


def identifier_of(contract: Contract) -> Identifier | None:
    """Return the identifier that the contract states, or that its paths or the response suggest; None if none is described."""
    path, shape = _place(contract)
    return None if shape is None else Identifier(path, _values(shape))


@by_identity(64)
def _place(contract: Contract) -> tuple[tuple[str, ...], Shape | None]:
    """Return where the identifier stands in a response, and what it is; None if none is described."""
    response = with_first(contract.response)
    path = suggested(contract, tree(contract.request), tree(response)).path
    return path, _at(shape_of(response), path)


def _values(shape: Shape) -> Callable[[], str | int]:
    """Return a function that makes another identifier with each call: as the member describes it, else a UUID."""
    if shape.kind is Kind.INTEGER:
        return count(max(1, shape.keywords.get("minimum", 1))).__next__
    if "pattern" in shape.keywords:
        return partial(next, chain(numbered(shape.keywords["pattern"], shape.keywords.get("minLength", 0)), iter(new_id, "")))
    return new_id


def _at(shape: Shape, path: tuple[str, ...]) -> Shape | None:
    for step in path:
        inner = shape.properties.get(step)
        if inner is None:
            return None
        shape = inner
    return shape


def _with(value: Json, path: tuple[str, ...], new: Json) -> Json:
    if not path:
        return new
    members = value if isinstance(value, dict) else {}
    return {**members, path[0]: _with(members.get(path[0]), path[1:], new)}
