"""Values that a field must accept: each enum member, each boundary, each kind of string, with its rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from openapi.json_types import Json
from openapi.schema.durations import is_in_range, is_narrow, is_wide, seconds, written
from openapi.schema.nodes import Node
from strategies.values.bounds import between, bound_keyword, bounds, inside, whole_number
from strategies.values.hostile import (
    DEPTH,
    DEPTH_MAY,
    ITEMS,
    ITEMS_MAY,
    TEXT,
    TEXT_MAY,
    WIDE_LENGTHS,
    deep,
    long_string,
    trouble,
    wide,
    wide_label,
    wide_string,
)
from strategies.values.leniency import is_implementation_defined
from strategies.values.place_schema import admits, alone, whole
from strategies.values.small_scope import small_values
from strategies.values.strings import FORMAT_SAMPLES, known_type, matching

_SMALL = 12  # small values of a field that our tables lack
# A longer text or list is no boundary worth sending.
LONGEST, MOST = 100_000, 2_000


@dataclass(frozen=True, slots=True)
class Value:
    """A valid value of a field, chosen for `keyword`.

    `must` is False where a server may refuse it (an id that may not exist, an extreme size).
    """

    value: Json
    keyword: str
    label: str
    must: bool = True


@lru_cache(maxsize=8192)
def accepted(node: Node) -> tuple[Value, ...]:
    """Return the values to try at a field without members, boundary values first, no two equal."""
    found: dict[str, Value] = {}
    for each in _candidates(node):
        if admits(node, each.value):
            found.setdefault(repr(each.value), _weighed(node, each))
    return tuple(found.values() or (Value(value, "type", f"drawn: {_short(repr(value))}") for value in drawn(node)))


@lru_cache(maxsize=1024)
def drawn(node: Node) -> tuple[Json, ...]:
    """Return values of a field that our tables lack, by hypothesis-jsonschema; empty where nothing satisfies it."""
    found = tuple(islice((value for value in small(node) if admits(node, value)), _SMALL))
    if found:
        return found
    from strategies.values.sampling import examples_of  # only such fields need Hypothesis at planning time

    return tuple(value for value in examples_of(alone(node)) if admits(node, value))


@lru_cache(maxsize=1024)
def small(node: Node) -> tuple[Json, ...]:
    """Return small values over the words of all that is said of a field, valid ones and others."""
    return small_values(whole(node))


def _weighed(node: Node, value: Value) -> Value:
    """Return the value, marked where the description or common arithmetic says that a server may refuse it."""
    unsure = is_implementation_defined(node, value.value) or not _divides(node.get("multipleOf"), value.value)
    return replace(value, must=False) if unsure else value


def _divides(step: Json, value: Json) -> bool:
    """Return whether decimal and binary arithmetic agree that a number is a multiple of the step."""
    numbers = step, value
    if any(isinstance(each, bool) or not isinstance(each, (int, float)) for each in numbers) or all(
        isinstance(each, int) for each in numbers
    ):
        return True
    quotient = float(value) / step  # 0.7 / 0.0001 is no whole number to validators that divide so
    return math.isfinite(quotient) and quotient.is_integer() and Fraction(repr(value)) % Fraction(repr(step)) == 0


def _candidates(node: Node) -> Iterator[Value]:
    if node.get("const", ...) is not ...:
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
    if not kinds and node.admits_null:
        yield Value(None, "type", "null")


def _booleans(_node: Node) -> Iterator[Value]:
    yield Value(True, "type", "true")
    yield Value(False, "type", "false")


def _free(node: Node) -> Iterator[Value]:
    for label, value in trouble()["values"].items():
        yield Value(value, "type", f"any value: {label}")
    if node.admits_null:
        yield Value(None, "type", "any value: null", must=False)


def _objects(node: Node) -> Iterator[Value]:
    if node.properties or node.each is not None:
        return
    yield Value({}, "type", "empty object")
    if node.is_empty_object:
        return
    for label, value in trouble()["free"].items():
        yield Value(value, "type", f"free content: {label}")
    yield Value(deep(DEPTH), "type", f"{DEPTH} levels")
    yield Value(wide(ITEMS), "type", f"{ITEMS} members")
    yield Value({"list": list(range(ITEMS))}, "type", f"a list of {ITEMS}")
    yield Value({"text": long_string(TEXT)}, "type", f"a text of {TEXT} characters")
    for label, text in trouble()["doubtful_texts"].items():
        yield Value({text: text}, "type", f"text: {label}", must=False)
    yield Value({"integers": [2**64, -(2**70)], "number": 1e300}, "type", "numbers of any size", must=False)
    yield Value(deep(DEPTH_MAY), "type", f"{DEPTH_MAY} levels", must=False)
    yield Value(wide(ITEMS_MAY), "type", f"{ITEMS_MAY} members", must=False)


def _arrays(node: Node) -> Iterator[Value]:
    if node.each is None:
        yield Value([], "type", "empty list")
        yield Value([1, "two", None], "type", "any elements")
        for keyword in ("minItems", "maxItems"):
            size = int(node.get(keyword, 0))
            if 0 < size <= MOST:
                yield Value([f"n{index}" for index in range(size)], keyword, f"{size} elements")


def _strings(node: Node) -> Iterator[Value]:
    low, high = node.get("minLength", 0), node.get("maxLength")
    pattern, form = node.get("pattern"), node.get("format")
    if pattern is not None:
        strings = (*matching(pattern), *known_type(pattern).get("values", ()))
        yield from (Value(text, "pattern", f"matches: {_short(text)}", must=_is_readable(pattern, text)) for text in strings)
    if form in FORMAT_SAMPLES:
        yield from (Value(text, "format", f"{form}: {text}") for text in FORMAT_SAMPLES[form])
    elif pattern is None:
        yield from _free_strings(node)
    yield from _durations(node)
    if high is not None and high <= LONGEST:
        yield Value(_fit(node, high), "maxLength", f"{high} characters")
        if pattern is None and form is None:
            yield Value(wide_string(high), "maxLength", wide_label(high))
    if 0 < low <= LONGEST:
        yield Value(_fit(node, low), "minLength", f"{low} characters")


def _is_readable(pattern: str, text: str) -> bool:
    """Return whether a parser of durations has to read a string that such a pattern admits."""
    return is_in_range(text) or not (is_wide(pattern) or is_narrow(pattern))


def _durations(node: Node) -> Iterator[Value]:
    """Yield the durations at the bounds of `x-duration`, and a second within them."""
    limits: Mapping[str, str] = node.get("x-duration", {})
    for name, bound in limits.items():
        yield Value(bound, "x-duration", f"{name} {bound}")
    low, high = seconds(limits.get("minimum")), seconds(limits.get("maximum"))
    for each in () if low is None else (low + 1,):
        if high is None or each < high:
            yield Value(written(each), "x-duration", "a second above the minimum")
    for each in () if high is None else (high - 1,):
        if each > (0 if low is None else low):
            yield Value(written(each), "x-duration", "a second below the maximum")


def _free_strings(node: Node) -> Iterator[Value]:
    for label, text in trouble()["texts"].items():
        yield Value(text, "type", f"text: {label}")
    yield Value(long_string(TEXT), "type", f"{TEXT} characters")
    yield from (Value(wide_string(length), "type", wide_label(length)) for length in WIDE_LENGTHS)
    # Proto3 cannot distinguish an empty string from none, so where one is needed an empty one may be refused.
    yield Value("", "type", "empty text", must=not node.demanded)
    for label, text in trouble()["doubtful_texts"].items():
        yield Value(text, "type", f"text: {label}", must=False)
    yield Value(long_string(TEXT_MAY), "type", f"{TEXT_MAY} characters", must=False)


def _fit(node: Node, length: int) -> str:
    """Return a string of exactly that length, in the alphabet of the pattern if there is one."""
    pattern = node.get("pattern")
    for text in matching(pattern) if pattern else ():
        if len(text) == length:
            return text
    return (long_string(length) if length > 3 else "xyz"[:length]) if pattern is None else "x" * length


def _integers(node: Node) -> Iterator[Value]:
    low, high = bounds(node)
    for value, keyword, label in (
        (low, bound_keyword(node, "inimum"), "minimum"),
        (high, bound_keyword(node, "aximum"), "maximum"),
    ):
        if value is not None:
            # Nobody promised that a rate or a size may be below zero just because its number format can.
            yield Value(whole_number(value, node, label), keyword, f"{label} {value}", must=value >= 0)
    yield from _multiples(node)
    for value in (1, 0, 16000, 8000, 255, 65536, 24000, 44100, 48000):
        yield Value(value, "type", f"integer {value}")


def _multiples(node: Node) -> Iterator[Value]:
    """Yield multiples where they are required, next to the bounds and near zero."""
    step = node.get("multipleOf")
    if step is None:
        return
    low, high = bounds(node)
    counts = [1, 2, 3, 0]
    counts += [math.ceil(low / step), math.ceil(low / step) + 1] if low is not None else []
    counts += [math.floor(high / step), math.floor(high / step) - 1] if high is not None else []
    for count in counts:
        value = count * step if isinstance(step, int) else round(count * step, 9)
        yield Value(value, "multipleOf", f"{count} times {step}")


def _numbers(node: Node) -> Iterator[Value]:
    low, high = bounds(node)
    if low is not None:
        yield Value(inside(low, node, "exclusiveMinimum", +1), bound_keyword(node, "inimum"), f"minimum {low}")
    if high is not None:
        yield Value(inside(high, node, "exclusiveMaximum", -1), bound_keyword(node, "aximum"), f"maximum {high}")
    yield from _multiples(node)
    if (whole := _whole_between(low, high)) is not None:
        yield Value(whole, "type", f"number {whole}")
    for value in between(low, high):
        yield Value(value, "type", f"number {value}")
    yield Value(-0.0, "type", "number -0.0")
    for value in (0, 1, 0.5, 0.123456, 0.7, 0.05):
        yield Value(value, "type", f"number {value}")
    yield Value(0.123456789012, "type", "number 0.123456789012", must=False)
    for value in (-1.5, 1e6, 3e38, 1e-7, 1e-35):
        yield Value(value, "type", f"number {value}", must=low is not None and high is not None)
    yield Value(1e39, "type", "number 1e+39", must=False)  # more than single precision holds


def _whole_between(low: float | None, high: float | None) -> int | None:
    """Return a whole number between two bounds, which some readers of fractions refuse; None where there is none."""
    if low is None or high is None:
        return None
    found = math.floor(low) + 1
    return found if found < high else None


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
