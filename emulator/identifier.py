"""The identifier of a created object: its place in a response, and new values for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, count

from emulator.alternatives import with_first
from emulator.pattern_values import numbered
from emulator.placeholder_values import new_id
from emulator.value_kinds import Kind, Shape, shape_of
from openapi.contract import Contract
from openapi.json_types import Json, tokens

_VARIABLE = re.compile(r"\{([^}]*)\}")


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
    request, response = shape_of(contract.request), shape_of(with_first(contract.response))
    stated = [tokens(contract.identifier)] if contract.identifier else None
    for path in stated or _suggested(contract, response):
        shape = _at(response, path)
        # A member that a request sets is an echo.
        if shape is not None and (stated or _at(request, path) is None):
            return Identifier(path, _values(shape))
    return None


def _values(shape: Shape) -> Callable[[], str | int]:
    """Return a function that makes another identifier with each call: as the member describes it, else a UUID."""
    if shape.kind is Kind.INTEGER:
        return count(max(1, shape.keywords.get("minimum", 1))).__next__
    if "pattern" in shape.keywords:
        return partial(next, chain(numbered(shape.keywords["pattern"], shape.keywords.get("minLength", 0)), iter(new_id, "")))
    return new_id


def _suggested(contract: Contract, response: Shape) -> Iterator[tuple[str, ...]]:
    """Yield places that may hold the identifier, the most likely first."""
    names = response.properties
    variables = [name for each in (contract.read, contract.delete) if each for name in _VARIABLE.findall(each.path)]
    for name in (*variables, "id"):
        yield (name,)
        yield from ((outer, name) for outer in names)
    yield from ((name,) for name in names if name in response.required and names[name].format == "uuid")
    yield from ((name,) for name in names if name.lower().endswith("id"))


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
