"""An invalid value behind and between valid ones and in rich bodies: servers may check the first one alone."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.paths import at, with_value
from strategies.coverage.packing import Packer
from strategies.negative.violations import Violation

_MANY = 12  # valid elements before an invalid one


def surrounded(maker: Packer, violation: Violation, rich: list[Json]) -> Iterator[Json]:
    """Yield the body of a violation with valid items, members and fields around it. The violation may have moved."""
    yield from _among_elements(maker, violation)
    yield from _among_keys(maker, violation)
    yield from (_under(base, violation) for base in rich)


def is_holder(node: Node | None) -> bool:
    """Return whether this is an array or a map of described things."""
    return node is not None and not node.is_object and node.each is not None


def _among_elements(maker: Packer, violation: Violation) -> Iterator[Json]:
    """Yield the invalid item of each array on the way, between valid ones and after many."""
    for depth, step in enumerate(violation.path):
        if not isinstance(step, int):
            continue
        path = violation.path[:depth]
        holder = maker.root.at(path)
        if holder is None or holder.each is None:
            continue
        # What stands around it already stood there for another reason, at one position.
        invalid = [at(violation.body, path)[step]]
        valid = [maker.numbered(holder, holder.each, index) for index in range(_MANY)]
        for elements in ([valid[0], *invalid, valid[1]], [*valid, *invalid]):
            yield with_value(violation.body, path, elements)


def _among_keys(maker: Packer, violation: Violation) -> Iterator[Json]:
    """Yield the invalid member of each map on the way between valid ones; an invalid key goes behind them."""
    for depth in range(len(violation.path) + 1):
        path = violation.path[:depth]
        holder, invalid = maker.root.at(path), at(violation.body, path)
        if depth < len(violation.path) and isinstance(invalid, dict):  # others already stand around it for another reason
            invalid = {violation.path[depth]: invalid.get(violation.path[depth])}
        if holder is None or not holder.is_map or holder.each is None or not isinstance(invalid, dict) or len(invalid) != 1:
            continue
        valid = [(f"key{index:04d}", maker.numbered(holder, holder.each, index)) for index in range(_MANY + 1)]
        behind = valid[_MANY:] if depth < len(violation.path) else []
        yield with_value(violation.body, path, dict([*valid[:_MANY], *invalid.items(), *behind]))


def _under(base: Json, violation: Violation) -> Json:
    """Return a rich body with the violating one applied to it."""
    if not isinstance(base, dict) or not isinstance(violation.body, dict):
        return violation.body
    return {**base, **violation.body}
