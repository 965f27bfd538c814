"""Deviations by keyword: a table from each keyword to edits of the schema that states it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import jsonschema_rs

from emulator.faults.generated import enums, patterns
from emulator.faults.generated.change import LENIENT, Change, both, having, without
from emulator.faults.generated.change_kinds import about, other_types
from emulator.faults.generated.fragments import weakened
from emulator.faults.generated.places import Edit
from openapi.coercion.parsers import is_lenient, kinds_of
from openapi.json_types import Json
from openapi.schema.extensions import REFERENCES
from openapi.schema.nodes import Node


def changes_of(node: Node, keyword: str, value: Json) -> Iterator[Change]:
    """Yield the deviations in enforcing a keyword at a place; the first is not to enforce it."""
    table = _CHANGES.get(keyword)
    dropping = without(keyword) if keyword != "type" else both(about(sorted(node.types)), without("type"))
    yield Change("dropped", f"{keyword} is not enforced", dropping, equivalent=_undroppable(node, keyword))
    if table is not None:
        yield from table(node, value)


def _undroppable(node: Node, keyword: str) -> str | None:
    """Return the reason why dropping a keyword changes nothing, None if it does."""
    stated = {constraint.keyword for constraint in node.constraints}
    others = stated & {"enum", "const"} - {keyword}
    if keyword == "type" and not node.place:
        return "whoever reads a body wants an object before any schema is asked"
    if keyword == "type" and others:
        return f"{' and '.join(others)} at the same place admits no value of another type"
    if keyword == "format" and _is_inside(node):
        return "minimum and maximum at the same place are narrower than the format"
    return None


def _is_inside(node: Node) -> bool:
    return node.get("minimum") is not None and node.get("maximum") is not None


def _bound(keyword: str, other: str, outwards: int) -> Callable[[Node, Json], Iterator[Change]]:
    """Return bounds that differ a little; `outwards` is the direction in which more values are accepted."""

    def make(node: Node, value: Json) -> Iterator[Change]:
        whole = node.types == {"integer"}
        for step in (1,) if whole else (0.001, 0.1, 1):
            for sign, verb in ((outwards, "wider"), (-outwards, "narrower")):
                moved = round(value + sign * step, 6)
                if not _is_empty(node, keyword, moved):
                    yield Change(f"{step}-{verb}", f"{keyword} is {moved}", having(**{keyword: moved}), also=("type",))
        exclusive = having(**{other: value})
        yield Change(f"as-{other}", f"{keyword} {value} is read as {other}", both(without(keyword), exclusive))

    return make


def _is_empty(node: Node, keyword: str, moved: float) -> bool:
    """Return whether the bound has passed the opposite one, so that no value is left."""
    low = node.get("maximum") if keyword.endswith("inimum") else node.get("minimum")
    return low is not None and (moved > low if keyword.endswith("inimum") else moved < low)


def _size(keyword: str, outwards: int) -> Callable[[Node, Json], Iterator[Change]]:
    def make(_node: Node, value: Json) -> Iterator[Change]:
        for moved in (value + 1, value - 1):
            wider = (moved > value) == (outwards > 0)
            if moved >= 0 and (wider or not keyword.endswith("Properties")):
                slug = "1-wider" if wider else "1-narrower"
                yield Change(slug, f"{keyword} is {moved}", having(**{keyword: moved}), also=("type",))

    return make


def _formats(node: Node, value: Json) -> Iterator[Change]:
    if value == "int32" and not _is_inside(node):
        yield Change("64-bits", "64 bits are taken", having(format="int64"))
        yield Change(
            "16-bits",
            "16 bits are taken",
            both(without("format"), having(maximum=2**15 - 1)),
            also=("type",),
        )


def _enums(node: Node, value: Json) -> Iterator[Change]:
    implementation_defined = jsonschema_rs.validator_for(node.get("x-implementation-defined", False))
    for member in enums.strings(value):
        rest = [each for each in value if each != member]
        conforming = "a server may refuse it" if implementation_defined.is_valid(member) else None
        yield Change(f"without-{member}", f"{member} is refused", having(enum=rest), equivalent=conforming)
    for slug, what, more in enums.inventions(value):
        yield Change(slug, what, having(enum=[*value, *more]))
    yield Change("any-case", "case does not matter", enums.as_pattern(value, enums.any_case))
    yield Change("any-end", "what follows a member does not matter", enums.as_pattern(value, enums.any_end))


def _patterns(node: Node, value: Json) -> Iterator[Change]:
    lenient_takes = partial(_is_taken_or_beyond, node)
    samples = tuple(each for each in (node.get("default"), *node.get("examples", ()), "30s", "1.5s") if isinstance(each, str))
    for slug, what, text in patterns.near_miss(value):
        same = patterns.is_only_lenient(value, text, lenient_takes, samples)
        yield Change(slug, what, having(pattern=text), also=("type",), equivalent=LENIENT if same else None)


def _is_taken_or_beyond(node: Node, text: str) -> bool:
    """Return whether a standard parser takes a string, or may refuse it as a duration of thousands of years."""
    is_long = "duration" in kinds_of(node) and _LONG.fullmatch(text) is not None
    return is_lenient(node, text) or is_long


_LONG = re.compile(r"-?[1-9٣]\d{10,}(?:\.\d{1,9})?s")  # the longest duration of protobuf is 315576000000s


def _property_names(_node: Node, value: Json) -> Iterator[Change]:
    forbidden = value.get("not", {}).get("pattern") if isinstance(value, dict) else None
    if forbidden is not None:
        for slug, what, text in patterns.near_miss(forbidden):
            edit = having(propertyNames={**value, "not": {**value["not"], "pattern": text}})
            yield Change(slug, what, edit, also=("type", "*.type"))


def _one_of(_node: Node, branches: Json) -> Iterator[Change]:
    yield Change("any-of", "several at once are taken", both(without("oneOf"), having(anyOf=branches)))
    yield Change("none", "none at all is taken", _also([{"not": {"anyOf": branches}}], "oneOf", branches))
    for index, branch in enumerate(branches):
        rest = [each for each in branches if each is not branch]
        yield Change(f"without-{index}", f"the choice {branch} is refused", having(oneOf=rest), also=("*",))
    for one, other in combinations(range(len(branches)), 2):
        pair = {"allOf": [branches[one], branches[other]]}
        yield Change(f"both-{one}-{other}", f"{one} and {other} are taken together", _also([pair], "oneOf", branches))


def _also(more: list[Json], keyword: str, value: Json) -> Edit:
    return both(without(keyword), having(anyOf=[{keyword: value}, *more]))


def _max_properties(node: Node, value: Json) -> Iterator[Change]:
    yield from _size("maxProperties", +1)(node, value)
    names = [name for name, each in node.properties.items() if not each.get("x-hazard")]
    for pair in combinations(names, value + 1):
        edit = _also([{"required": list(pair), "maxProperties": value + 1}], "maxProperties", value)
        yield Change(f"both-{'-'.join(pair)}", f"{' and '.join(pair)} are taken together", edit)


def _unique_by(node: Node, pointers: Json) -> Iterator[Change]:
    if node.get(REFERENCES):
        edit = having(**{REFERENCES: []})
        yield Change("not-references", "elements that refer to the same thing are not seen", edit)
    for pointer in pointers if len(pointers) > 1 else ():
        rest = [each for each in pointers if each != pointer]
        yield Change(
            f"not{pointer.replace('/', '-')}",
            f"names at {pointer} are not seen",
            having(**{"x-unique-by": rest}),
        )


def _conditional(keyword: str) -> Callable[[Node, Json], Iterator[Change]]:
    def make(_node: Node, value: Json) -> Iterator[Change]:
        for weaker in weakened(value):
            yield Change(weaker.slug, weaker.what, having(**{keyword: weaker.fragment}), also=("*",))

    return make


_CHANGES: dict[str, Callable[[Node, Json], Iterator[Change]]] = {
    "type": other_types,
    "enum": _enums,
    "minimum": _bound("minimum", "exclusiveMinimum", -1),
    "maximum": _bound("maximum", "exclusiveMaximum", +1),
    "exclusiveMinimum": _bound("exclusiveMinimum", "minimum", -1),
    "exclusiveMaximum": _bound("exclusiveMaximum", "maximum", +1),
    "minLength": _size("minLength", -1),
    "maxLength": _size("maxLength", +1),
    "minItems": _size("minItems", -1),
    "maxItems": _size("maxItems", +1),
    "minProperties": _size("minProperties", -1),
    "maxProperties": _max_properties,
    "pattern": _patterns,
    "format": _formats,
    "propertyNames": _property_names,
    "oneOf": _one_of,
    "not": _conditional("not"),
    "anyOf": _conditional("anyOf"),
    "dependentSchemas": _conditional("dependentSchemas"),
    "x-unique-by": _unique_by,
}
