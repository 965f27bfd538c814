"""Alternatives: of members that exclude each other, a breach beside another one than the usual."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from openapi.json_types import Json, Path
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, with_value, without
from strategies.bodies import Builder, is_sure
from strategies.ordinary import simplest
from strategies.values import alone


def alternatives(node: Node) -> list[str]:
    """The members of an object of which there must be just one; none where there is no such choice."""
    branches = node.get("oneOf") or ()
    named = [each["required"][0] for each in branches if isinstance(each, dict) and len(each.get("required", ())) == 1]
    if not branches or len(named) < len(branches):
        named = list(node.properties) if node.get("maxProperties") == 1 else []
    return [name for name in named if name in node.properties and not node.properties[name].get("x-hazard")]


def rotated(oracle: Oracle, body: Json, path: Path, index: int) -> Json | None:
    """The body with another alternative beside what stands at the path, by index; None where that is the same one."""
    for depth in range(len(path) - 1, -1, -1):
        front = path[:depth]
        node, value = oracle.root.at(front), at(body, front)
        names = alternatives(node) if node is not None else []
        chosen = next((name for name in names if isinstance(value, dict) and name in value), None)
        if node is None or chosen is None or path[depth : depth + 1] == (chosen,):
            continue
        # Beside what may be refused for itself a breach would not be seen to be refused.
        sure = [chosen, *(name for name in names if name != chosen and is_sure(node.properties[name]))]
        other = sure[index % len(sure)]
        changed = with_value(without(body, (*front, chosen)), (*front, other), whole(node.properties[other]))
        return changed if other != chosen and list(oracle.broken(changed)) == list(oracle.broken(body)) else None
    return None


def other_alternatives(builder: Builder, body: Json, path: Path, rule: str) -> Iterator[Json]:
    """The body with each other alternative in the members of the object at the path."""
    node, value = builder.oracle.root.at(path), at(body, path)
    for name, child in node.properties.items() if node is not None and isinstance(value, dict) else ():
        for other in alternatives(child) if isinstance(value.get(name), dict) else ():
            changed = with_value(body, (*path, name), {other: whole(child.properties[other])})
            if list(builder.oracle.broken(changed)) == [rule]:
                yield changed


@lru_cache(maxsize=1024)
def whole(node: Node) -> Json:
    """An ordinary value of a field with all that it needs; None where none can be built."""
    return Builder(Oracle(alone(node), "")).complete(simplest(node))
