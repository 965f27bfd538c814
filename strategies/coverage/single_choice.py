"""Cases of one choice each: an enum member, or one of several objects, with nothing else set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.bodies.builder import Builder
from strategies.case import Case, Side
from strategies.coverage.packing import Pack, Packer, packer
from strategies.negative.violations import is_hazard
from strategies.values.leniency import is_certain, needing
from strategies.values.minimal import simplest
from strategies.values.valid import accepted


def each_alone(oracle: Oracle, maker: Packer) -> Iterator[Case]:
    """Yield each member of a choice alone: defaults may depend on it. Nested ones only if requests are plenty."""
    builder = Builder(oracle)
    nodes = oracle.root.properties.values() if maker.few else (node for node in oracle.root.walk() if node.place)
    for node in nodes:
        if is_hazard(oracle.root, node):
            continue
        for place, value in _choices(node, with_booleans=not maker.few):
            if maker.few and value == place.get("default"):
                continue  # an empty body has it as well
            built = builder.around(place, value)
            if built is not None and is_certain(oracle.root, built[0], maker.lacking):
                aim = maker.aim(place, "enum" if place.get("enum") is not None else "type", "alone", built[1])
                yield Case(side=Side.ACCEPTS, label=f"alone: {place.path} {value!s:.40}", aims=(aim,), body=built[0])


def _choices(node: Node, *, with_booleans: bool) -> Iterator[tuple[Node, Json]]:
    """Yield the members of an enum, both booleans, or the objects of which one may be set."""
    if node.get("enum") is not None or (with_booleans and node.types == {"boolean"}):
        yield from ((node, each.value) for each in accepted(node) if each.must)
    elif node.is_object and (node.get("maxProperties") == 1 or node.get("oneOf") is not None):
        yield from ((child, simplest(child)) for child in node.properties.values() if not child.get("x-hazard"))


def premises(oracle: Oracle, maker: Packer) -> Iterator[tuple[Node, list[Case]]]:
    """Yield each field that needs something, with two small bodies that set it and one with its largest value.

    Then comes each of its members alone, if none is required: a server that refuses one of them lacks nothing.
    """
    builder = Builder(oracle)
    for node in needing(oracle.root):
        packs = sorted((pack for pack in maker.packs(node) if pack.value), key=lambda pack: len(str(pack.value)))
        safe = {name: child for name, child in node.properties.items() if not child.get("x-hazard")}
        alone = [] if node.required else [{name: simplest(child)} for name, child in safe.items()]
        values = [*(pack.value for pack in (*packs[:2], *_fullest(packs[2:]))), *alone]
        built = [found for value in values if (found := builder.around(node, value)) is not None]
        aim = maker.aim(node, "type", "a value")
        yield node, [Case(side=Side.MAY, label="need", aims=(replace(aim, path=path),), body=body) for body, path in built]


def together(oracle: Oracle, found: Sequence[tuple[Node, list[Case]]]) -> list[list[tuple[Node, list[Case]]]]:
    """Return the premises in groups, whose first bodies make one valid body. If that is accepted, all their needs are met."""
    groups: list[list[tuple[Node, list[Case]]]] = []
    for each in found:
        fitting = (group for group in groups if _go_together(oracle, [*group, each]))
        group = next(fitting, None)
        if group is None:
            groups.append([each])
        else:
            group.append(each)
    return groups


def joined(group: Sequence[tuple[Node, list[Case]]]) -> Case:
    """Return the case of the first bodies of a group in one."""
    first, *others = (cases[0] for _, cases in group)
    for each in others:
        first = replace(first, aims=(*first.aims, *each.aims), body={**first.body, **each.body})
    return first


def _go_together(oracle: Oracle, group: Sequence[tuple[Node, list[Case]]]) -> bool:
    """Return whether the first bodies of a group are objects without a member in common, and valid in one."""
    bodies = [cases[0].body for _, cases in group]
    names = [name for body in bodies if isinstance(body, dict) for name in body]
    are_apart = all(isinstance(body, dict) for body in bodies) and len(set(names)) == len(names)
    return are_apart and oracle.is_valid(joined(group).body)


def _fullest(packs: list[Pack]) -> list[Pack]:
    """Return the pack with the most members, if there is one."""
    return [max(packs, key=lambda pack: len(pack.value) if isinstance(pack.value, dict) else 0)] if packs else []


def without_need(oracle: Oracle, lacking: Packer) -> Iterator[Case]:
    """Yield valid bodies with fields whose needs are not met: if one is accepted all the same, it is judged."""
    maker, builder = packer(oracle.root, lacking.prefix, few=lacking.few), Builder(oracle)
    for node in oracle.root.walk() if lacking.lacking else ():
        for pack in maker.packs(node) if node.path in lacking.lacking else ():
            built = builder.around(node, pack.value)
            if built is not None:
                body, path = built
                aims = tuple(replace(aim, path=(*path, *aim.path)) for aim in pack.aims)
                yield Case(side=Side.MAY, label=f"{node.path} without what it needs", aims=aims, body=body)
