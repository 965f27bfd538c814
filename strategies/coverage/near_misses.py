"""Valid values next to invalid ones: a violation between members, but for one value that makes it valid."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.paths import paths_in, with_value
from strategies.bodies.builder import Builder
from strategies.negative.by_keyword import COMPOSITE, fragment_of, invalid_fragments
from strategies.values.valid import accepted

_WRONGS, _VALUES = 40, 8  # of a rule; of a field inside


def nearest(builder: Builder, node: Node) -> Iterator[Json]:
    """Yield, for each invalid value of a rule about members, a valid one that differs in one value inside."""
    fragments = [constraint.value for constraint in node.named]
    fragments += [fragment_of(node, constraint) for constraint in node.constraints if constraint.keyword in COMPOSITE]
    seen: list[Json] = []
    for fragment in fragments:
        for invalid in islice(invalid_fragments(node, fragment), _WRONGS):
            right = next(_repaired(builder, node, invalid.value), None)
            if right is not None and right not in seen:
                seen.append(right)
                yield right


def _repaired(builder: Builder, node: Node, invalid: Json) -> Iterator[Json]:
    for path in paths_in(invalid):
        inner = node.at(path)
        if inner is None or not path or inner.is_object or inner.each is not None:
            continue
        for value in islice((each.value for each in accepted(inner) if each.must), _VALUES):
            right = builder.complete(with_value(invalid, path, value), path)
            if right is not None:
                yield right
                break
