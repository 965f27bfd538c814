"""Valid bodies of one member each."""

from __future__ import annotations

from collections.abc import Callable

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.cases import Case, Side
from strategies.doubts import is_certain
from strategies.rows import Aim


def members(oracle: Oracle, fits: Callable[[Node], bool], at_most: int) -> list[str]:
    """The names of the first members that fit and may be sent."""
    names = [name for name, node in oracle.root.properties.items() if fits(node) and not node.get("x-hazard")]
    return names[:at_most]


def with_member(oracle: Oracle, lacking: frozenset[str], name: str, value: Json, label: str) -> Case | None:
    """A body with this member alone; None if a server might refuse it."""
    body = {name: value}
    if not oracle.obeys(body) or not is_certain(oracle.root, body, lacking):
        return None
    aim = Aim(f"{oracle.prefix}.{name}.type", (name,), label)
    return Case(side=Side.ACCEPTS, label=label, aims=(aim,), body=body)
