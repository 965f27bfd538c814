"""Bodies that break exactly one rule: for each keyword a table of wrong values, carried to their place and proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import jsonschema_rs

from openapi.json_types import Json
from openapi.nodes import Constraint, Node
from openapi.oracle import Oracle, rule_id
from strategies.bodies import Builder, Path, carried_to, with_value
from strategies.drawn import examples_against
from strategies.ordinary import simplest
from strategies.texts import matching, missing_pattern
from strategies.trouble import long_text
from strategies.values import after, before
from strategies.witnesses import breaking


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that breaks the rule `rule` at `path` and nothing else."""

    rule: str
    body: Json
    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong value for a place."""

    value: Json
    label: str


def violations(oracle: Oracle, rules: frozenset[str] | None = None) -> Iterator[Violation]:
    """Every violation that can be constructed, rule by rule in document order; of `rules` alone if given."""
    builder = Builder(oracle)
    for node in oracle.root.walk():
        if is_hazard(oracle.root, node):
            continue
        for identity, makers in _makers(oracle, node):
            if rules is None or identity in rules:
                yield from _proved(builder, node, identity, makers)


def is_hazard(root: Node, node: Node) -> bool:
    """Whether the field, or one that it is part of, must never be sent."""
    above: Node | None = root
    for step in node.place:
        if above is None:
            return False
        above = above.properties.get(step) or above.each
        if above is not None and above.get("x-hazard"):
            return True
    return False


def _makers(oracle: Oracle, node: Node) -> Iterator[tuple[str, Iterator[Wrong]]]:
    for constraint in node.constraints:
        make = _WRONG.get(constraint.keyword, _composite if constraint.keyword in _COMPOSITE else None)
        if make is not None:
            yield rule_id(oracle.prefix, node.path, constraint.keyword), make(node, constraint)
    for name in sorted(node.required):
        constraint = Constraint("required", name, "", {})
        path = f"{node.path}.{name}" if node.path else name
        yield rule_id(oracle.prefix, path, "required"), _missing(node, constraint)
    for constraint in node.named:
        plain = {key: value for key, value in constraint.value.items() if not key.startswith("x-")}
        yield rule_id(oracle.prefix, node.path, constraint.keyword), _against(node, plain)


def _proved(builder: Builder, node: Node, identity: str, wrongs: Iterator[Wrong]) -> Iterator[Violation]:
    seen: list[Json] = []
    allowed = frozenset({identity, *_same_place(builder.oracle, node, identity)})
    for wrong in wrongs:
        for build in _BUILDS:
            built = build(builder, node, wrong.value, allowed)
            if built is not None and breaks_only(builder.oracle, built[0], identity):
                if built[0] not in seen:
                    seen.append(built[0])
                    yield Violation(identity, built[0], built[1], wrong.label)
                break


_Allowed = frozenset[str]


def _in_place_of_right(builder: Builder, node: Node, value: Json, _allowed: _Allowed) -> tuple[Json, Path] | None:
    """The wrong value in a body that is valid with an ordinary one: about what surrounds a wrong type the oracle is silent."""
    right = simplest(node)
    built = (builder.around(node, right) or _completed_inside(builder, node, right, frozenset())) if node.place else None
    return None if built is None else (with_value(built[0], built[1], value), built[1])


def _around(builder: Builder, node: Node, value: Json, allowed: _Allowed) -> tuple[Json, Path] | None:
    """The wrong value, with what it needs around it."""
    return builder.around(node, value, allowed)


def _completed_inside(builder: Builder, node: Node, value: Json, allowed: _Allowed) -> tuple[Json, Path] | None:
    """Like `around`, where the wrong value itself lacks members that have nothing to do with the rule."""
    body, path = carried_to(node, builder.oracle.root, value)
    completed = builder.complete(body, (), allowed)
    return None if completed is None else (completed, path)


_BUILDS = (_in_place_of_right, _around, _completed_inside)


def _same_place(oracle: Oracle, node: Node, identity: str) -> list[str]:
    """Of a wrong type, an enum or a format at the same place has to complain as well."""
    if not identity.endswith(".type"):
        return []
    return [rule_id(oracle.prefix, node.path, each.keyword) for each in node.constraints]


def breaks_only(oracle: Oracle, body: Json, identity: str) -> bool:
    """Whether the body breaks the rule and no other, but for those that a wrong type breaks at the same place."""
    broken = oracle.broken(body)
    stem = identity.rsplit(".", 1)[0] if identity.endswith(".type") else None
    others = {rule for rule in broken if rule != identity and rule.rsplit(".", 1)[0] != stem}
    return identity in broken and not others


# --- wrong values by keyword -------------------------------------------------------------------------------------------

# Values that no standard parser coerces: see "Wire format" of what is known about the server.
_UNCOERCED: dict[str, list[tuple[Json, str]]] = {
    "string": [(["x"], "a list"), ({"x": "y"}, "an object")],
    "integer": [(1.5, "a fraction"), ("word", "a word"), ({"x": 1}, "an object"), ([1], "a list")],
    "number": [("word", "a word"), ({"x": 1}, "an object"), ([1], "a list")],
    "boolean": [("word", "a word"), ({"x": True}, "an object"), ([True], "a list")],
    "array": [("word", "a word"), (7, "a number")],
    "object": [("word", "a word"), (["x"], "a list"), (7, "a number")],
}


def _types(node: Node, _c: Constraint) -> Iterator[Wrong]:
    kinds = sorted(node.types)
    if len(kinds) != 1:
        kinds = kinds[:1] if "string" not in kinds else ["string"]
    for kind in kinds:
        for value, label in _UNCOERCED[kind]:
            if not (label == "a number" and node.is_array and node.each is not None and "number" in node.each.types):
                yield Wrong(value, label)


def _enums(_node: Node, constraint: Constraint) -> Iterator[Wrong]:
    texts = [member for member in constraint.value if isinstance(member, str)]
    if not texts:
        yield Wrong("word", "no member")
        return
    prefix = _common_prefix(texts)
    ordinary = texts[-1]
    for value, label in (
        (f"{prefix}CONFORMANCE_TEST", "an invented member"),
        (ordinary.lower() if ordinary.lower() != ordinary else ordinary.upper(), "a member in another case"),
        (ordinary.removeprefix(prefix), "a member without its prefix"),
        (f"{ordinary} ", "a member and a blank"),
        (f"{ordinary}_X", "a longer member"),
        (ordinary[:-1], "a cut member"),
        ("", "empty text"),
        *((f"{prefix}{word}", f"invented: {word}") for word in _INVENTED),
    ):
        yield Wrong(value, label)


_INVENTED = ("UNKNOWN", "NONE", "OTHER", "DEFAULT", "ANY")


def _common_prefix(texts: list[str]) -> str:
    low, high = min(texts), max(texts)
    size = next((i for i, char in enumerate(low) if i >= len(high) or char != high[i]), len(low))
    return low[: low[:size].rfind("_") + 1]


def _patterns(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    pattern = constraint.value
    lenient = node.get("x-lenient")
    coerced = jsonschema_rs.validator_for(lenient).is_valid if lenient is not None else None
    for text in dict.fromkeys((*node.get("x-wrong-values", ()), *missing_pattern(pattern))):
        if coerced is None or not coerced(text):
            yield Wrong(text, f"just misses the pattern: {text[:30]!r}" if len(text) < 40 else f"{len(text)} characters")


def _minimum(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    bound = constraint.value
    if node.types == {"integer"}:
        yield Wrong(int(bound) - (constraint.keyword == "minimum"), f"one less than {bound}")
    else:
        just = bound if constraint.keyword == "exclusiveMinimum" else before(bound)
        yield Wrong(just, f"just below {bound}")
        yield Wrong(round(bound - 0.1, 6), f"below {bound}")
    yield Wrong(bound - 1000, f"far below {bound}")


def _maximum(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    bound = constraint.value
    if node.types == {"integer"}:
        yield Wrong(int(bound) + (constraint.keyword == "maximum"), f"one more than {bound}")
    else:
        just = bound if constraint.keyword == "exclusiveMaximum" else after(bound)
        yield Wrong(just, f"just above {bound}")
        yield Wrong(round(bound + 0.1, 6), f"above {bound}")
    yield Wrong(bound + 1000, f"far above {bound}")


_FORMATS: dict[str, list[tuple[Json, str]]] = {
    "int32": [(2**31, "2^31"), (-(2**31) - 1, "-2^31-1"), (2**53, "2^53")],
    "int64": [(2**63, "2^63"), (-(2**63) - 1, "-2^63-1")],
    "uuid": [("word", "a word"), ("3c90c3cc-0d44-4b50-8888-8dd25736052g", "a wrong digit")],
    "date-time": [("word", "a word"), ("2023-13-07T05:31:56Z", "month 13")],
    "email": [("word", "a word")],
    "uri": [("no uri at all", "no URI")],
    "date": [("2023-02-30", "February 30")],
}


def _formats(_node: Node, constraint: Constraint) -> Iterator[Wrong]:
    for value, label in _FORMATS.get(constraint.value, ()):
        yield Wrong(value, label)


def _min_length(_node: Node, constraint: Constraint) -> Iterator[Wrong]:
    if constraint.value:
        yield Wrong("x" * (constraint.value - 1), f"{constraint.value - 1} characters")


def _max_length(_node: Node, constraint: Constraint) -> Iterator[Wrong]:
    yield Wrong(long_text(constraint.value + 1), f"{constraint.value + 1} characters")


def _multiple_of(_node: Node, constraint: Constraint) -> Iterator[Wrong]:
    yield Wrong(constraint.value * 1.5, f"no multiple of {constraint.value}")


def _max_items(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    one = simplest(node.each) if node.each else 1
    yield Wrong([one] * (constraint.value + 1), f"{constraint.value + 1} elements")


def _min_items(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    one = simplest(node.each) if node.each else 1
    if constraint.value:
        yield Wrong([one] * (constraint.value - 1), f"{constraint.value - 1} elements")


def _unique_items(node: Node, _c: Constraint) -> Iterator[Wrong]:
    one = simplest(node.each) if node.each else 1
    yield Wrong([one, one], "the same element twice")


def _min_properties(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    names = list(node.properties)[: max(constraint.value - 1, 0)]
    yield Wrong({name: simplest(node.properties[name]) for name in names}, f"{len(names)} members")


def _max_properties(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    size = constraint.value + 1
    names = [name for name in node.properties if not node.properties[name].get("x-hazard")]
    if not names:
        yield Wrong({f"key{index}": simplest(node.each) if node.each else 1 for index in range(size)}, f"{size} members")
        return
    # A ring first, so that each member is met once; then every other combination, and all at once.
    ring = [tuple(names[(start + step) % len(names)] for step in range(size)) for start in range(len(names))]
    for chosen in dict.fromkeys([*(tuple(sorted(each)) for each in ring), *map(tuple, map(sorted, combinations(names, size)))]):
        yield Wrong({name: simplest(node.properties[name]) for name in chosen}, " and ".join(chosen))
    yield Wrong({name: simplest(node.properties[name]) for name in names}, "all of them")


def _property_names(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    value = simplest(node.each) if node.each else 1
    for key in _keys_against(constraint.value):
        yield Wrong({key: value}, f"key {key!r}")
        yield Wrong({"plain": value, key: value}, f"key {key!r} after another")


def _keys_against(schema: Json) -> Iterator[str]:
    forbidden = schema.get("not", {}).get("pattern") if isinstance(schema, dict) else None
    if forbidden is not None:
        yield from (f"{text}{end}" for text in matching(forbidden)[:2] for end in ("x", "", ".a b"))
    elif "pattern" in schema:
        yield from missing_pattern(schema["pattern"])
    elif "maxLength" in schema:
        yield "k" * (schema["maxLength"] + 1)
    else:
        yield from (text for text in examples_against({"type": "string"}, schema) if isinstance(text, str))


def _no_others(node: Node, _c: Constraint) -> Iterator[Wrong]:
    base = simplest(node)
    yield Wrong({**(base if isinstance(base, dict) else {}), "conformanceTest": 1}, "another member")


def _missing(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    others = {name: simplest(node.properties[name]) for name in sorted(node.required) if name in node.properties}
    others.pop(constraint.value, None)
    yield Wrong(others, f"without {constraint.value}")


def _unique_names(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    """Two elements of one name, each way of naming with each."""
    for one in constraint.value:
        for other in constraint.value:
            elements = [_named(node, one), _named(node, other)]
            yield Wrong(elements, f"the same name by {one} and {other}")
    first = constraint.value[0]
    yield Wrong([_named(node, first, "a"), _named(node, first), _named(node, first, "b"), _named(node, first)], "apart")


def _named(node: Node, pointer: str, name: str = "same") -> Json:
    value: Json = name
    for step in reversed(pointer.split("/")[1:]):
        value = {step: value}
    del node
    return value


def _uncovered(_node: Node, constraint: Constraint) -> Iterator[Wrong]:
    steps = constraint.value["names"].split("/")[1:]
    keys = constraint.value["keys"].split("/")[1:]
    for names, given, label in (
        (["p"], {}, "nothing given"),
        (["p", "q"], {"p": "x"}, "one of two"),
        (["p"], {"P": "x"}, "another case"),
    ):
        value = with_value({}, tuple(steps), names)
        yield Wrong(with_value(value, tuple(keys), given) if given else value, label)


def _composite(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    own = {constraint.keyword: constraint.value}
    if constraint.keyword == "if":
        own |= {key: node.get(key) for key in ("then", "else") if node.get(key) is not None}
    yield from _against(node, own)


def _against(node: Node, schema: Json) -> Iterator[Wrong]:
    """Values that break a fragment: constructed, or drawn by hypothesis-jsonschema where that is beyond us."""
    found = [Wrong(value, _shown(value)) for value in breaking(schema, node)]
    if not found:
        base = {key: value for part in node.parts[:1] for key, value in part.schema.items()}
        found = [Wrong(value, "drawn") for value in examples_against({**base, "$defs": node.root.get("$defs", {})}, schema)]
    yield from found


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        return "with " + " and ".join(value) if value else "with none"
    return str(value)[:60]


_COMPOSITE = frozenset("oneOf anyOf not if dependentRequired dependentSchemas contains".split())
_WRONG: dict[str, Callable[[Node, Constraint], Iterator[Wrong]]] = {
    "type": _types,
    "enum": _enums,
    "const": _enums,
    "pattern": _patterns,
    "format": _formats,
    "minimum": _minimum,
    "exclusiveMinimum": _minimum,
    "maximum": _maximum,
    "exclusiveMaximum": _maximum,
    "multipleOf": _multiple_of,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minItems": _min_items,
    "maxItems": _max_items,
    "uniqueItems": _unique_items,
    "minProperties": _min_properties,
    "maxProperties": _max_properties,
    "propertyNames": _property_names,
    "additionalProperties": _no_others,
    "x-unique-by": _unique_names,
    "x-covers": _uncovered,
}
