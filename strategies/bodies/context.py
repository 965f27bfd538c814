"""A violation in context: servers skip checks when other members are present."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from openapi.json_types import Json, Path, tokens
from openapi.schema.choices import alternatives
from openapi.schema.extensions import naming_pointers
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, with_value, without
from strategies.bodies.builder import Builder, is_sure
from strategies.values.leniency import is_certain
from strategies.values.minimal import simplest
from strategies.values.place_schema import alone

_DEEP = 4  # levels below the violation that are filled


def filled_out(oracle: Oracle, body: Json, path: Path, rule: str) -> Json:
    """Return the body with every member in the object at `path` and below that leaves the rule violated alone."""
    return _filled(oracle, body, path, rule, _DEEP)


def contexts(oracle: Oracle) -> list[dict[str, Json]]:
    """Return a few plain bodies that between them have every member of which a server must accept some value."""
    root = oracle.root
    made = {name: _some(root.properties[name]) for name in _to_add(root, {})}
    values = {name: value for name, value in made.items() if is_certain(root, {name: value})}
    waiting = dict(values)
    found: list[dict[str, Json]] = []
    while waiting:
        body: dict[str, Json] = {}
        for name, value in list(waiting.items()):
            if oracle.is_valid({**body, name: value}):
                body[name] = waiting.pop(name)
        if not body:
            break
        for name, value in values.items():
            body = body if name in body or not oracle.is_valid({**body, name: value}) else {**body, name: value}
        found.append(body)
    return found


def accompanied(oracle: Oracle, body: Json, path: Path, rule: str, around: Iterable[Json]) -> Json:
    """Return the violating body with all possible members in each surrounding object, and one of the bodies around it."""
    for depth in range(len(path) - 1, 0, -1):
        body = _filled(oracle, body, path[:depth], rule, 1)
    wholes = ({**context, **body} for context in around if isinstance(body, dict))
    return next((each for each in wholes if list(oracle.violated(each)) == [rule]), body)


def among_valid(oracle: Oracle, body: Json, path: Path, rule: str, before: int = 1, after: int = 1) -> tuple[Json, Path]:
    """Return the body with valid items around the violation in each array and map, and the violation's new path.

    So many of them stand `before` it and `after` it; where that is too much for the holder, one before it.
    """
    for depth in range(len(path)):
        node, holder = oracle.root.at(path[:depth]), at(body, path[:depth])
        if node is None or node.is_object or node.each is None or not isinstance(holder, (dict, list)):
            continue
        repaired = _repaired(oracle, body, path, rule)
        for front, back in _valid(node, node.each, before, after):
            candidate, behind = _between(body, path, depth, front, back)
            if isinstance(holder, dict):  # other members may have to refer to the new names
                candidate = Builder(oracle).complete(candidate, behind, frozenset({rule})) or candidate
            # The items around it must be valid themselves, or what refuses them hides it.
            if oracle.violated(candidate) == {rule: [behind]} and _repaired(oracle, candidate, behind, rule) == repaired:
                body, path = candidate, behind
                break
    return body, path


def _between(body: Json, path: Path, depth: int, front: list[Json], back: list[Json]) -> tuple[Json, Path]:
    """Return the body with these around the item or member at this depth of the path, and the new path."""
    holder, step = at(body, path[:depth]), path[depth]
    if isinstance(step, int):
        return with_value(body, path[:depth], [*front, *holder, *back]), (*path[:depth], step + len(front), *path[depth + 1 :])
    before = {f"good_{index}": value for index, value in enumerate(front)}
    behind = {f"good_{index}": value for index, value in enumerate(back, len(front))}
    return with_value(body, path[:depth], {**before, **holder, **behind}), path


def _valid(node: Node, each: Node, before: int, after: int) -> Iterator[tuple[list[Json], list[Json]]]:
    """Yield ordinary items for before and behind another one, of an alternative that a server must accept."""
    sure = [name for name in alternatives(each) if is_sure(each.properties[name])]
    elements = [*({name: whole(each.properties[name])} for name in sure), whole(each)]
    for element in elements:
        items = [_renamed(node, element, index) for index in range(before + after)]
        yield items[:before], items[before:]
    yield from (([element], []) for element in elements)


def _renamed(node: Node, element: Json, index: int) -> Json:
    """Return the item under a name of its own where names must be unique: by the pointers that it has, or by the first."""
    for number, steps in enumerate(map(tokens, naming_pointers(node.get))):
        holder = at(element, steps[:-1])
        if isinstance(holder, dict) and (number == 0 or steps[-1] in holder):
            element = with_value(element, steps, f"good_{index}")
    return element


def _repaired(oracle: Oracle, body: Json, path: Path, rule: str) -> list[bool]:
    """Return whether the body is valid with a correct value in place of an invalid type, and without any.

    A value of an invalid type hides its children from the validator, so both readings must be valid.
    """
    node = oracle.root.at(path)
    if node is None or not rule.endswith(".type"):
        return []
    return [oracle.is_valid(with_value(body, path, simplest(node))), oracle.is_valid(without(body, path))]


def _some(node: Node) -> Json:
    """Return an ordinary value with content."""
    sure = [name for name in alternatives(node) if is_sure(node.properties[name])]
    if sure:
        return {sure[0]: whole(node.properties[sure[0]])}
    value = whole(node)
    if node.is_object or node.each is None or value not in ({}, []):
        return value
    return [whole(node.each)] if value == [] else {"key": whole(node.each)}


def lopsided(oracle: Oracle, body: Json, path: Path, rule: str) -> Iterator[Json]:
    """Yield, of two members that exclude each other, the body with content in one and none in the other."""
    value = at(body, path)
    members = [name for name in value if value[name] == {}] if isinstance(value, dict) and len(value) == 2 else []
    for name in members:
        yield _filled(oracle, body, (*path, name), rule, 1)


def _filled(oracle: Oracle, body: Json, path: Path, rule: str, levels: int) -> Json:
    node = oracle.root.at(path)
    if node is None or levels == 0:
        return body
    if isinstance(value := at(body, path), list):
        for index in range(min(len(value), 2)):
            body = _filled(oracle, body, (*path, index), rule, levels)
    elif isinstance(value, dict) and node.is_object:
        for name in _to_add(node, value) if path else ():
            candidate = with_value(body, (*path, name), _some(node.properties[name]))
            if list(oracle.violated(candidate)) == [rule]:
                body = candidate
        for name in at(body, path):
            body = _filled(oracle, body, (*path, name), rule, levels - 1)
    return body


def _to_add(node: Node, value: dict[str, Json]) -> list[str]:
    """Return the absent members that may be sent and do not exclude a present one."""
    left_out = {*value, *(alternatives(node) if node.place else ())}
    free = {name: each for name, each in node.properties.items() if name not in left_out}
    return [name for name, each in free.items() if not each.get("x-hazard") and is_sure(each)]


def rotated(oracle: Oracle, body: Json, path: Path, index: int) -> Json | None:
    """Return the body with another alternative next to the value at the path, by index; None where it is the same one."""
    for depth in range(len(path) - 1, -1, -1):
        front = path[:depth]
        node, value = oracle.root.at(front), at(body, front)
        names = alternatives(node) if node is not None else []
        chosen = next((name for name in names if isinstance(value, dict) and name in value), None)
        if node is None or chosen is None or path[depth : depth + 1] == (chosen,):
            continue
        # Beside what may be refused for itself a violation would not be seen to be refused.
        sure = [chosen, *(name for name in names if name != chosen and is_sure(node.properties[name]))]
        other = sure[index % len(sure)]
        changed = with_value(without(body, (*front, chosen)), (*front, other), whole(node.properties[other]))
        return changed if other != chosen and list(oracle.violated(changed)) == list(oracle.violated(body)) else None
    return None


def other_alternatives(builder: Builder, body: Json, path: Path, rule: str) -> Iterator[Json]:
    """Yield the body with each other alternative in the members of the object at the path."""
    node, value = builder.oracle.root.at(path), at(body, path)
    for name, child in node.properties.items() if node is not None and isinstance(value, dict) else ():
        for other in alternatives(child) if isinstance(value.get(name), dict) else ():
            changed = with_value(body, (*path, name), {other: whole(child.properties[other])})
            if list(builder.oracle.violated(changed)) == [rule]:
                yield changed


@lru_cache(maxsize=1024)
def whole(node: Node) -> Json:
    """Return an ordinary value of a field with all that it needs; None where none can be built."""
    return Builder(Oracle(alone(node), "")).complete(simplest(node))
