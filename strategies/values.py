"""Values that a field must accept: each member of an enum, each boundary, each kind of text, with the rule that says so."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import jsonschema_rs

from openapi.json_types import Json
from openapi.nodes import Node
from strategies.texts import FORMAT_SAMPLES, matching
from strategies.trouble import DEPTH, DEPTH_MAY, ITEMS, ITEMS_MAY, TEXT, TEXT_MAY, deep, long_text, trouble, wide

Path: TypeAlias = tuple[str | int, ...]
INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Value:
    """A value that satisfies all that is said of a field, chosen for `keyword`.

    `must` is False where a server may refuse it without blame (an id that may not exist, an extreme size).
    """

    value: Json
    keyword: str
    label: str
    must: bool = True


@lru_cache(maxsize=8192)
def accepted(node: Node) -> tuple[Value, ...]:
    """The values to try at a field without members of its own, boundary values first. No two are equal."""
    found: dict[str, Value] = {}
    for each in _candidates(node):
        if admits(node, each.value):
            found.setdefault(repr(each.value), _weighed(node, each))
    return tuple(found.values())


def _weighed(node: Node, value: Value) -> Value:
    """The value, marked where the description says that a server may refuse it."""
    known = node.get("x-known-values")
    doubtful = node.get("x-doubtful")
    unknown = known is not None and value.value not in known
    doubted = doubtful is not None and jsonschema_rs.is_valid(doubtful, value.value)
    return Value(value.value, value.keyword, value.label, must=False) if unknown or doubted else value


def admits(node: Node, value: Json) -> bool:
    """Whether the value satisfies every keyword at this place, by the validator."""
    return validator_of(node).is_valid(value)


@lru_cache(maxsize=8192)
def validator_of(node: Node) -> jsonschema_rs.Validator:
    """A validator for the value at one place alone."""
    parts = [{key: value for key, value in part.schema.items() if key != "$defs"} for part in node.parts]
    schema = {"allOf": parts, "$defs": node.root.get("$defs", {})}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _candidates(node: Node) -> Iterator[Value]:
    if node.get("const") is not None:
        yield Value(node.get("const"), "const", "the constant")
        return
    for member in node.get("enum", ()):
        if member is not None:
            yield Value(member, "enum", f"member {member}")
    if node.get("enum") is not None:
        return
    yield from (Value(value, "type", f"known value {value}") for value in node.get("x-known-values", ()))
    yield from (Value(value, "type", f"example {value}") for value in node.get("examples", ()))
    kinds = node.types if not node.is_free else frozenset({"free"})
    for kind in sorted(kinds):
        yield from _BY_TYPE[kind](node)


def _booleans(_node: Node) -> Iterator[Value]:
    yield Value(True, "type", "true")
    yield Value(False, "type", "false")


def _free(_node: Node) -> Iterator[Value]:
    for label, value in trouble()["values"].items():
        yield Value(value, "type", f"any value: {label}")


def _objects(node: Node) -> Iterator[Value]:
    if node.properties or node.each is not None:
        return
    yield Value({}, "type", "empty object")
    if node.is_empty_message:
        return
    for label, value in trouble()["free"].items():
        yield Value(value, "type", f"free content: {label}")
    yield Value(deep(DEPTH), "type", f"{DEPTH} levels")
    yield Value(wide(ITEMS), "type", f"{ITEMS} members")
    yield Value({"list": list(range(ITEMS))}, "type", f"a list of {ITEMS}")
    yield Value({"text": long_text(TEXT)}, "type", f"a text of {TEXT} characters")
    yield Value(deep(DEPTH_MAY), "type", f"{DEPTH_MAY} levels", must=False)
    yield Value(wide(ITEMS_MAY), "type", f"{ITEMS_MAY} members", must=False)


def _arrays(node: Node) -> Iterator[Value]:
    if node.each is None:
        yield Value([], "type", "empty list")
        yield Value([1, "two", None], "type", "any elements")


def _strings(node: Node) -> Iterator[Value]:
    low, high = node.get("minLength", 0), node.get("maxLength")
    pattern, form = node.get("pattern"), node.get("format")
    if pattern is not None:
        yield from (Value(text, "pattern", f"matches: {_short(text)}") for text in matching(pattern))
    elif form in FORMAT_SAMPLES:
        yield from (Value(text, "format", f"{form}: {text}") for text in FORMAT_SAMPLES[form])
    else:
        yield from _texts(node)
    if high is not None:
        yield Value(_fit(node, high), "maxLength", f"{high} characters")
    if low:
        yield Value(_fit(node, low), "minLength", f"{low} characters")


def _texts(node: Node) -> Iterator[Value]:
    for label, text in trouble()["texts"].items():
        yield Value(text, "type", f"text: {label}")
    yield Value(long_text(TEXT), "type", f"{TEXT} characters")
    # Proto3 cannot tell an empty text from none, so where one is needed an empty one may be refused.
    yield Value("", "type", "empty text", must=not node.demanded)
    for label, text in trouble()["doubtful_texts"].items():
        yield Value(text, "type", f"text: {label}", must=False)
    yield Value(long_text(TEXT_MAY), "type", f"{TEXT_MAY} characters", must=False)


def _fit(node: Node, length: int) -> str:
    """A text of exactly that length; of a pattern's alphabet if there is one."""
    pattern = node.get("pattern")
    for text in matching(pattern) if pattern else ():
        if len(text) == length:
            return text
    return (long_text(length) if length > 3 else "xyz"[:length]) if pattern is None else "x" * length


def _integers(node: Node) -> Iterator[Value]:
    low, high = bounds(node)
    for value, keyword, label in (
        (low, _bound_keyword(node, "inimum"), "minimum"),
        (high, _bound_keyword(node, "aximum"), "maximum"),
    ):
        if value is not None:
            # Nobody promised that a rate or a size may be below zero just because its number format can.
            yield Value(
                math.ceil(value) if label == "minimum" else math.floor(value), keyword, f"{label} {value}", must=value >= 0
            )
    for value in (1, 0, 16000, 255, 65536):
        yield Value(value, "type", f"integer {value}")


def _numbers(node: Node) -> Iterator[Value]:
    low, high = bounds(node)
    if low is not None:
        yield Value(_inside(low, node, "exclusiveMinimum", +1), _bound_keyword(node, "inimum"), f"minimum {low}")
    if high is not None:
        yield Value(_inside(high, node, "exclusiveMaximum", -1), _bound_keyword(node, "aximum"), f"maximum {high}")
    for value in _between(low, high):
        yield Value(value, "type", f"number {value}")
    for value in (0, 1, 0.5, 0.123456):
        yield Value(value, "type", f"number {value}")
    for value in (-1.5, 1e6, 3e38, 1e-7, 1e-35):
        yield Value(value, "type", f"number {value}", must=low is not None and high is not None)


def _between(low: float | None, high: float | None) -> Iterator[float]:
    if low is None or high is None:
        return
    for share in (0.5, 0.3, 0.123456):
        yield round(low + (high - low) * share, 6)
    yield after(low)
    yield before(high)


def bounds(node: Node) -> tuple[float | None, float | None]:
    """The lowest and highest number that a field admits, from its bounds and its format; None for no limit."""
    lows = [c.value for c in node.constraints if c.keyword in ("minimum", "exclusiveMinimum")]
    highs = [c.value for c in node.constraints if c.keyword in ("maximum", "exclusiveMaximum")]
    if node.get("format") == "int32":
        lows, highs = [*lows, -INT32 - 1], [*highs, INT32]
    return max(lows, default=None), min(highs, default=None)


def _bound_keyword(node: Node, ending: str) -> str:
    names = [c.keyword for c in node.constraints if c.keyword.endswith(ending)]
    return names[0] if names else "format"


def after(number: float) -> float:
    """A number just above, far enough to stay so in single precision."""
    return _single(number, +1)


def before(number: float) -> float:
    """A number just below, far enough to stay so in single precision."""
    return _single(number, -1)


def _single(number: float, direction: int) -> float:
    step = max(abs(number) * 2.0**-22, 2.0**-20)
    moved = struct.unpack("f", struct.pack("f", number + direction * step))[0]
    return float(f"{moved:.9g}")


def _inside(bound: float, node: Node, exclusive: str, direction: int) -> float:
    if any(c.keyword == exclusive and c.value == bound for c in node.constraints):
        return _single(bound, direction)
    return bound


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:10]}…({len(text)})"


_BY_TYPE: dict[str, Callable[[Node], Iterator[Value]]] = {
    "boolean": _booleans,
    "string": _strings,
    "integer": _integers,
    "number": _numbers,
    "object": _objects,
    "array": _arrays,
    "free": _free,
}


def simplest(node: Node) -> Json:
    """One ordinary value of a field, its members left out where they may be."""
    if node.is_free:
        return "text"
    if node.is_array:
        return [simplest(node.each) for _ in range(node.get("minItems", 0))] if node.each else []
    if "object" in node.types and (node.properties or node.each is not None or not _leafy(node)):
        return {name: simplest(node.properties[name]) for name in sorted(node.required) if name in node.properties}
    values = accepted(node)
    plain = [each for each in values if each.must] or values
    return _plainest(node, plain)


def _leafy(node: Node) -> bool:
    return node.types != {"object"}


def _plainest(node: Node, values: Sequence[Value]) -> Json:
    """Not a member that means "unset" if there is another, and a short word rather than a trouble maker."""
    if node.get("enum") is not None and len(values) > 1:
        return values[1].value
    return min(values, key=lambda each: (each.label not in _PLAIN, each.keyword != "type", len(repr(each.value)) > 40)).value


_PLAIN = frozenset({"text: letter", "integer 16000", "number 0.5", "example 30s"})
