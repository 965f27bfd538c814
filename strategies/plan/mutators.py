"""The named mutators: bodies in which one field is what some client or parser makes of it (`mutators.yaml`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from openapi.catalogue import MUTATORS, entries
from openapi.json_types import Json, Path
from openapi.schema.nodes import Node
from openapi.schema.paths import at, with_value
from strategies.bodies.builder import Builder
from strategies.case import Case
from strategies.negative.violations import is_hazard
from strategies.plan.coerced import coerced
from strategies.plan.plan import Plan
from strategies.plan.probe_packs import Mutation, probe, readers_of, with_texts
from strategies.values.hostile import deep, wide
from strategies.values.minimal import simplest
from strategies.values.strings import fits


@dataclass(frozen=True, slots=True)
class Raw:
    """JSON, or nearly JSON, that stands in place of a value."""

    text: str


Transform = Callable[[Json, Node], "Json | Raw"]


def mutated(plan: Plan, fields: int) -> Iterator[Case]:
    """Yield the case of each mutation, see :func:`mutations`."""
    return (each.case for each in mutations(plan, fields))


def mutations(plan: Plan, fields: int) -> Iterator[Mutation]:
    """Yield, for each mutator, a mutation at up to `fields` of the fields it applies to, spread over the schema.

    Behind them stand values that some parser coerces, up to `fields` of each kind of member.
    """
    places = [node for node in plan.oracle.root.walk() if not is_hazard(plan.oracle.root, node)]
    for entry in entries(MUTATORS, "mutators"):
        fitting = [node for node in places if any(_is_of(kind, node) for kind in entry["kinds"])]
        step = max(len(fitting) // max(fields, 1), 1)
        spread = [*fitting[::step], *(node for index, node in enumerate(fitting) if index % step)]
        made = (made for node in spread if (made := _mutation(plan, entry, node)) is not None)
        yield from islice(made, None if fields and entry.get("everywhere") else fields)
    yield from coerced(plan, fields)


def _mutation(plan: Plan, entry: Mapping[str, Json], node: Node) -> Mutation | None:
    name, builder = entry["id"], Builder(plan.oracle)
    built = builder.around(node, _ordinary(plan, node))
    if built is None:
        return None
    body, path = built
    rule, label = f"observed.{name}", node.path or "the body"
    if name in _ON_KEYS:
        return Mutation(probe(rule, label, path, _ON_KEYS[name](body, path)), body)
    value = _TRANSFORMS[name](at(body, path), node)
    text = value.text if isinstance(value, Raw) else json.dumps(value)
    readers = frozenset[str]() if entry.get("alone") or entry.get("shares") else readers_of(node, text)
    return Mutation(probe(rule, label, path, with_texts(body, {path: text})), body, text, readers)


def _ordinary(plan: Plan, node: Node) -> Json:
    if node.is_array and node.each is not None:
        return [plan.maker.numbered(node, node.each, 0)]
    if node.is_map and node.each is not None:
        return {"key": simplest(node.each)}
    return simplest(node)


def _is(kind: str) -> Callable[[Node], bool]:
    return lambda node: node.types == {kind} and not node.is_free and node.get("enum") is None


_KINDS: dict[str, Callable[[Node], bool]] = {
    "any": lambda node: not node.is_free and node.place[-1] != "*",
    "array": lambda node: node.is_array and node.each is not None,
    "map": lambda node: node.is_map,
    "object": lambda node: node.is_object,
    "free": lambda node: node.types == {"object"} and not node.properties and node.each is None and not node.is_empty_object,
    "number": _is("number"),
    "integer": _is("integer"),
    "boolean": _is("boolean"),
    "string": lambda node: _is("string")(node) and node.get("pattern") is None,
    "enum": lambda node: node.get("enum") is not None and all(isinstance(each, str) for each in node.get("enum") or [0]),
    "duration": lambda node: node.get("pattern") is not None and fits(node.get("pattern")).is_valid("30s")
    and not any(map(fits(node.get("pattern")).is_valid, ("30", "xs"))),
    "body": lambda node: not node.place and (node.types == {"object"} or bool(node.properties)),
    "key": lambda node: node.place[-1] != "*" and node.place[-1].lower() != node.place[-1],
}  # fmt: skip


def _is_of(kind: str, node: Node) -> bool:
    """Return whether a node is of a kind; the body as a whole is only of the kind `body`."""
    return _KINDS[kind](node) if node.place else kind == "body" and _KINDS[kind](node)


# Names of unknown members: one beyond the length of a column, and one with the characters that paths, queries and templates
# give a meaning. Others are names that objects of JavaScript and Python have anyway.
_LONG_NAME = "conformanceTest" * 30
_ODD_NAMES = ("a.b/c~d[e]$f{g}%s", "\u0000", "\u202eé 😀\n", "", "__proto__", "constructor", "__class__")

_TRANSFORMS: dict[str, Transform] = {
    "null-field": lambda _v, _n: None,
    "null-element": lambda value, _n: [*value, None],
    "null-value": lambda value, _n: {**value, "nothing": None},
    "number-as-text": lambda value, _n: str(value),
    "number-padded-text": lambda value, _n: f" {value} ",
    "integer-with-fraction-zero": lambda value, _n: Raw(f"{value}.0"),
    "integer-in-scientific-notation": lambda value, _n: Raw(f"{value}e0"),
    "number-with-capital-exponent": lambda value, _n: Raw(f"{value}E0"),
    "number-with-leading-zero": lambda value, _n: Raw(f"0{value}"),
    "number-not-a-number": lambda _v, _n: Raw("NaN"),
    "number-infinite": lambda _v, _n: Raw("Infinity"),
    "number-too-large": lambda value, _n: Raw('{"number": 1e400}' if isinstance(value, dict) else "1e400"),
    "number-as-boolean": lambda _v, _n: True,
    "boolean-as-text": lambda value, _n: "true" if value else "false",
    "boolean-as-number": lambda value, _n: int(value),
    "boolean-as-yes": lambda value, _n: "yes" if value else "no",
    "text-as-number": lambda _v, _n: 7,
    "text-as-boolean": lambda _v, _n: True,
    "text-lone-surrogate": lambda _v, _n: Raw('"a\\ud800b"'),
    "enum-as-number": lambda value, node: node.get("enum").index(value),
    "enum-padded": lambda value, _n: f" {value}",
    "enum-homoglyph": lambda value, _n: _first(value, "AEO", "АЕО"),
    "enum-zero-width": lambda value, _n: f"{value[:2]}\u200b{value[2:]}",
    "enum-full-width": lambda value, _n: "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else c for c in value),
    "duration-signed": lambda _v, _n: "+30s",
    "duration-leading-zero": lambda _v, _n: "030s",
    "duration-padded": lambda _v, _n: " 30s",
    "duration-bare-point": lambda _v, _n: "30.s",
    "duration-negative": lambda _v, _n: "-30s",
    "duration-with-newline": lambda _v, _n: "30s\n",
    "element-for-array": lambda value, _n: value[0],
    "array-for-element": lambda value, _n: [value],
    "object-as-text": lambda value, _n: json.dumps(value),
    "key-unknown": lambda value, _n: {**value, "conformanceTest": 1},
    "key-unknown-long": lambda value, _n: {**value, _LONG_NAME: 1},
    "key-unknown-very-long": lambda value, _n: {**value, _LONG_NAME * 150: 1},
    "key-unknown-odd": lambda value, _n: {**value, **dict.fromkeys(_ODD_NAMES, 1)},
    "key-unknown-object": lambda value, _n: {**value, "conformanceTestObject": {name: {name: 1} for name in _ODD_NAMES}},
    "map-overflow": lambda value, _n: {key: next(iter(value.values())) for key in wide(3000)},
    "nesting-overflow": lambda _v, _n: Raw('{"in":' * 1000 + "1" + "}" * 1000),
    "free-large-integer": lambda _v, _n: {"number": 2**53 + 1},
    "free-empty-key": lambda _v, _n: {"": 1},
    "free-nul-key": lambda _v, _n: {"a\u0000b": deep(2)},
}


def _first(text: str, letters: str, others: str) -> str:
    """Return the string with its first letter out of `letters` replaced by the corresponding one of `others`."""
    for one, other in zip(letters, others, strict=True):
        if one in text:
            return text.replace(one, other, 1)
    return text


def _snake(body: Json, path: Path) -> str:
    return _rekeyed(body, path, re.sub(r"(?<!^)([A-Z])", r"_\1", str(path[-1])).lower())


def _other_case(body: Json, path: Path) -> str:
    return _rekeyed(body, path, str(path[-1]).lower())


def _rekeyed(body: Json, path: Path, key: str) -> str:
    holder = {key if name == path[-1] else name: value for name, value in at(body, path[:-1]).items()}
    return json.dumps(with_value(body, path[:-1], holder))


def _twice(body: Json, path: Path) -> str:
    value = json.dumps(at(body, path))
    return with_texts(body, {path: f"{value}, {json.dumps(path[-1])}: {value}"})


_ON_KEYS: dict[str, Callable[[Json, Path], str]] = {
    "key-in-snake-case": _snake,
    "key-in-other-case": _other_case,
    "key-twice": _twice,
}
