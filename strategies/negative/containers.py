"""Invalid arrays, maps and objects: one item, member or name too many, too few, or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, islice

from openapi.json_types import Json, tokens
from openapi.schema.extensions import REFERENCES
from openapi.schema.name_references import reference_of, source_of
from openapi.schema.nodes import Constraint, Node
from openapi.schema.paths import with_value
from strategies.bodies.referred_names import put
from strategies.negative.invalid_value import InvalidValue
from strategies.values.minimal import elements, filled, legal_keys, simplest
from strategies.values.place_schema import admits
from strategies.values.strings import matching, missing_pattern
from strategies.values.valid import MOST, accepted

_COMBINATIONS = 200
_LONG_END = "0123456789" * 7  # of a name, beyond the length at which a check or a column may stop


def _max_items(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    if constraint.value < MOST:
        yield InvalidValue(elements(node, constraint.value + 1), f"{constraint.value + 1} elements")


def _min_items(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    if 0 < constraint.value <= MOST:
        yield InvalidValue(elements(node, constraint.value)[: constraint.value - 1], f"{constraint.value - 1} elements")


def _unique_items(node: Node, _c: Constraint) -> Iterator[InvalidValue]:
    one, *others = elements(node, max(node.get("minItems", 0) - 1, 1)) or [1]
    yield InvalidValue([one, *others, one], "the same element twice")


def _min_properties(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    size = max(constraint.value - 1, 0)
    names = [*_sendable(node), *legal_keys(node)][:size]
    yield InvalidValue({name: _member_of(node, name) for name in names}, f"{len(names)} members")


def _sendable(node: Node) -> list[str]:
    """Return the described members that may be sent."""
    return [name for name, child in node.properties.items() if not child.get("x-hazard")]


def _member_of(node: Node, name: str) -> Json:
    """Return an ordinary value of a member, described or not."""
    child = node.properties.get(name) or node.each
    return simplest(child) if child else 1


def _max_properties(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    size = constraint.value + 1
    names = _sendable(node)
    if size > len(names):
        chosen = [*names, *legal_keys(node)][:size]
        yield InvalidValue({name: _member_of(node, name) for name in chosen}, f"{size} members")
        return
    # A ring first, so that each member is met once; one more, which an exclusive "or" of all lets pass; then other
    # combinations, and all at once.
    ring = [tuple(names[(start + step) % len(names)] for step in range(size)) for start in range(len(names))]
    more = [tuple(names[: size + 1])] if size < len(names) else []
    others = (tuple(sorted(each)) for each in islice(combinations(names, size), _COMBINATIONS))
    for combined in dict.fromkeys([*(tuple(sorted(each)) for each in (*ring, *more)), *others]):
        yield InvalidValue({name: simplest(node.properties[name]) for name in combined}, " and ".join(combined))
    yield InvalidValue({name: simplest(node.properties[name]) for name in names}, "all of them")


def _property_names(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    value = simplest(node.each) if node.each else 1
    empty = "" if node.each is not None and admits(node.each, "") else value
    usual = filled(node, {})
    others = ["plain", "other", "last"]
    for index, key in enumerate(_keys_against(constraint.value)):
        yield InvalidValue({**dict(list(usual.items())[1:]), key: (value, empty)[index % 2]}, f"key {key!r}")
        place = (2, 3, 0)[index % 3]  # among others, last, first
        in_context = dict.fromkeys([*others[:place], key, *others[place:]], value)
        yield InvalidValue({**in_context, **usual}, f"key {key!r} in context")


def _keys_against(schema: Json) -> Iterator[str]:
    stated: dict[str, Json] = schema if isinstance(schema, dict) else {}
    forbidden = stated["not"].get("pattern") if isinstance(stated.get("not"), dict) else None
    if forbidden is not None:
        yield from (f"{text}{end}" for text in matching(forbidden)[:1] for end in ("x", "", ".a b", _LONG_END))
        yield from (f"{text}{end}" for text in matching(forbidden)[1:2] for end in ("x", "", ".a b"))
    if "pattern" in stated:
        yield from missing_pattern(stated["pattern"])
    if stated.get("maxLength", MOST) < MOST:
        yield "k" * (stated["maxLength"] + 1)
    if 0 < stated.get("minLength", 0) < MOST:
        yield "k" * (stated["minLength"] - 1)
    yield from ("conformanceTest", "conformance test", "0")


def _no_others(node: Node, _c: Constraint) -> Iterator[InvalidValue]:
    base = simplest(node)
    yield InvalidValue({**(base if isinstance(base, dict) else {}), "conformanceTest": 1}, "another member")


def missing(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    """Yield the object without a required member."""
    others = {name: simplest(node.properties[name]) for name in sorted(node.required) if name in node.properties}
    others.pop(constraint.value, None)
    yield InvalidValue(others, f"without {constraint.value}")


def _unique_names(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    """Yield two items of one name, each way of naming with each; then two that refer to the same known thing."""
    for one in constraint.value:
        for other in constraint.value:
            elements = [_named(node, one), _named(node, other)]
            yield InvalidValue(elements, f"the same name by {one} and {other}")
    for one in node.get(REFERENCES, ()):
        known = _node_at(node.each, tokens(one))
        for value in [each.value for each in accepted(known) if each.must][:1] if known is not None else ():
            yield InvalidValue([_named(node, one, value), _named(node, one, value)], f"the same {one} twice")
    first = constraint.value[0]
    yield InvalidValue([_named(node, first, "a"), _named(node, first), _named(node, first, "b"), _named(node, first)], "apart")


def _node_at(node: Node | None, steps: tuple[str, ...]) -> Node | None:
    for step in steps:
        node = None if node is None else node.properties.get(step)
    return node


def _named(node: Node, pointer: str, name: str = "same") -> Json:
    value: Json = name
    for step in reversed(pointer.split("/")[1:]):
        value = {step: value}
    del node
    return value


def _uncovered(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    steps = constraint.value["names"].split("/")[1:]
    keys = constraint.value["keys"].split("/")[1:]
    for names, given, label in (
        (["p"], {}, "nothing given"),
        (["p", "q"], {"p": "x"}, "one of two"),
        (["p"], {"P": "x"}, "another case"),
    ):
        value = with_value({}, tuple(steps), names)
        yield InvalidValue(with_value(value, tuple(keys), given) if given else value, label)
    # A name among the keys of another map covers nothing.
    for name, child in node.properties.items():
        if child.is_map and [name] != keys:
            yield InvalidValue({**with_value({}, tuple(steps), ["p"]), name: {"p": _member_of(child, "p")}}, f"in {name}")


def _unmet(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    for reference in map(reference_of, constraint.value):
        for source in reference.names:
            yield from (
                InvalidValue(value, f"a name at /{'/'.join(source.steps)}") for value in islice(put(node, {}, source, ["p"]), 1)
            )


def _not_distinct(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    for one, other in combinations(map(source_of, constraint.value), 2):
        for value in islice(put(node, {}, one, ["same"]), 1):
            yield from (InvalidValue(both, "the same name twice") for both in islice(put(node, value, other, ["same"]), 1))


MEMBERS: dict[str, Callable[[Node, Constraint], Iterator[InvalidValue]]] = {
    "minItems": _min_items,
    "maxItems": _max_items,
    "uniqueItems": _unique_items,
    "minProperties": _min_properties,
    "maxProperties": _max_properties,
    "propertyNames": _property_names,
    "additionalProperties": _no_others,
    "unevaluatedProperties": _no_others,
    "x-unique-by": _unique_names,
    "x-covers": _uncovered,
    "x-refers": _unmet,
    "x-distinct": _not_distinct,
}
