"""The packs of a field of any schema, each of them valid by a validator that the project does not use itself."""

from __future__ import annotations

from typing import Any

from openapi.schema.nodes import Node
from strategies.coverage.packing import Pack, Packer, packer
from tests.strategies.schemas import Object, fits, oracle


def field_packs(schema: Object, prefix: str = "body") -> tuple[Node, Packer, list[Pack]]:
    """The node of a field, its packer, and its packs."""
    rules = oracle(schema)
    node, maker = rules.root.properties["field"], packer(rules.root, prefix)
    found = maker.packs(node)
    plain = {key: value for key, value in schema.items() if not key.startswith("x-")}
    assert [pack.value for pack in found if not fits(plain, pack.value)] == []
    return node, maker, found


def packs_of(schema: Object) -> list[Any]:
    """The values of the packs of a field."""
    return [pack.value for pack in field_packs(schema)[2]]


def labels(packs: list[Pack]) -> list[str]:
    """The aim of each pack as a whole, in words."""
    return [pack.aims[0].label for pack in packs]
