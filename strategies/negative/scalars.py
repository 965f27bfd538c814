"""Invalid numbers, strings and types that just violate a keyword, the likeliest mistakes first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal
from itertools import islice

from openapi.coercion.parsers import is_lenient
from openapi.json_types import Json
from openapi.schema.durations import NANOSECOND, seconds, written
from openapi.schema.nodes import Constraint, Node, type_of
from strategies.negative.invalid_value import InvalidValue
from strategies.values.bounds import after, before
from strategies.values.hostile import long_string, wide_string
from strategies.values.minimal import simplest
from strategies.values.strings import fits, matching, missing_pattern
from strategies.values.valid import LONGEST, accepted

_LARGE = 2**53
_NOTHING = InvalidValue(0, "nothing")  # which may be taken for no number at all
# Values of an invalid type that stand behind all others.
RARER = frozenset(
    {
        *("an empty list", "a list of parts", "a list of pairs", "a list of words"),
        *("a small fraction", "an empty object", "an empty text", "an object in a text"),
    }
)


_EMPTY: list[tuple[Json, str]] = [([], "an empty list"), ({}, "an empty object")]  # which some take for nothing at all
# Values that no standard parser coerces; Ajv takes an array of one item for the item, and a scalar for an array.
_UNCOERCED: dict[str, list[tuple[Json, str]]] = {
    "string": [
        *((["x", "y"], "a list"), ({"x": "y"}, "an object")),
        *(*_EMPTY, ([{"type": "text", "text": "x"}], "a list of parts")),
    ],
    "integer": [
        *(
            (1.5, "a fraction"),
            ("word", "a word"),
            ({"x": 1}, "an object"),
            ([1, 2], "a list"),
            (16000.001, "a small fraction"),
        ),
        *_EMPTY,
    ],
    "number": [("word", "a word"), ({"x": 1}, "an object"), ([1, 2], "a list"), *_EMPTY],
    "boolean": [("word", "a word"), ({"x": True}, "an object"), ([True, False], "a list"), *_EMPTY],
    "array": [("word", "a word"), (7, "a number"), ({"x": 1}, "an object")],
    "object": [
        *(("word", "a word"), (True, "a boolean"), (7, "a number")),
        *((["x"], "a list of words"), ([["x", "y"]], "a list of pairs"), ([], "an empty list"), ("", "an empty text")),
        ('{"x": 1}', "an object in a text"),
    ],
}
# Values that some parser coerces at some nodes: Ajv makes a text of a number, which is no duration all the same.
_RARELY_COERCED: dict[str, tuple[Json, str]] = {"string": (30, "a number"), "boolean": (7, "a number")}


def _types(node: Node, _c: Constraint) -> Iterator[InvalidValue]:
    if node.is_array and node.each is not None and node.each.is_object:
        yield InvalidValue(_with_content(node.each), "one element in place of a list")
    elif node.is_object and not node.is_empty_object:
        yield InvalidValue([_with_content(node)], "a list of one")
    for kind in sorted(node.types, key=lambda each: (each != "string", each)):
        for value, label in _UNCOERCED[kind]:
            if (kind, label) == ("object", "a word"):
                value = _name_of_alternative(node) or value
            if not (node.is_array and node.each is not None and _is_of_types(value, node.each.types)):
                yield InvalidValue(value, label)
        value, label = _RARELY_COERCED.get(kind, (None, ""))
        if label and not _is_of_types(value, node.types) and not is_lenient(node, value):
            yield InvalidValue(value, label)


def _name_of_alternative(node: Node) -> str | None:
    """Return the name of the first of several alternatives, which some take for the alternative; None where there are none."""
    is_choice = node.get("maxProperties") == 1 or node.get("oneOf") is not None
    return next(iter(node.properties), None) if is_choice else None


def _is_of_types(value: Json, types: AbstractSet[str]) -> bool:
    return type_of(value) in types or (type_of(value) == "integer" and "number" in types)


def _with_content(node: Node) -> dict[str, Json]:
    """Return an ordinary object with at least one member."""
    members: dict[str, Json] = simplest(node)
    plain = (name for name, child in node.properties.items() if not child.is_object and child.each is None)
    return members or {name: simplest(node.properties[name]) for name in islice(plain, 1)}


def _enums(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    members = [constraint.value] if constraint.keyword == "const" else constraint.value
    strings = [member for member in members if isinstance(member, str)]
    if not strings:
        yield from _unlisted(node, members)
        return
    prefix = _common_prefix(strings)
    likely = [(each, f"a likely mistake: {each}") for each in node.get("x-invalid-values", ())]
    for value, label in (
        (f"{prefix}CONFORMANCE_TEST", "an invented member"),
        *islice(_misspelled(strings[-1], prefix), _LIKELIEST),
        ("", "empty text"),
        *likely[:2],
        *((other.removeprefix(prefix), "a member without its prefix") for other in strings[-2::-1] if prefix),
        *((f"{prefix}{word}", f"invented: {word}") for word in _INVENTED),
        *likely[2:],
        (prefix, "a prefix alone"),
        *(each for other in reversed(strings) for each in _misspelled(other, prefix)),
    ):
        yield InvalidValue(value, label)


def _misspelled(member: str, prefix: str) -> Iterator[tuple[str, str]]:
    yield member.lower() if member.lower() != member else member.upper(), "a member in another case"
    yield member.removeprefix(prefix), "a member without its prefix"
    yield member.replace("_", "-"), "a member with hyphens"
    yield f"{member} ", "a member and a blank"
    yield f"{member}_X", "a longer member"
    yield member[:-1], "a cut member"
    yield member.title().replace("_", ""), "a member as a name of a class"
    yield member.replace("_", ""), "a member without underscores"
    yield f"{member}, {member}", "a member twice"


def _unlisted(node: Node, members: list[Json]) -> Iterator[InvalidValue]:
    """Yield values like the members of an enum without strings."""
    numbers = [each for each in members if isinstance(each, (int, float)) and not isinstance(each, bool)]
    if numbers:
        yield InvalidValue(max(numbers) + 1, "one more than the last member")
        yield InvalidValue(min(numbers) - 1, "one less than the first member")
    others: tuple[Json, ...] = ("word", not any(each is True for each in members), [], {}, 0.5)
    yield from (InvalidValue(value, "no member") for value in others if type_of(value) in node.types or not numbers)


_LIKELIEST = 7  # of the ways in which a member is misspelled
_INVENTED = ("UNKNOWN", "NONE", "OTHER", "DEFAULT", "ANY")


def _common_prefix(strings: list[str]) -> str:
    low, high = min(strings), max(strings)
    size = next((i for i, char in enumerate(low) if i >= len(high) or char != high[i]), len(low))
    return low[: low[:size].rfind("_") + 1]


def _patterns(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    for text in dict.fromkeys((*node.get("x-invalid-values", ()), *missing_pattern(constraint.value))):
        yield InvalidValue(text, f"just misses the pattern: {text[:30]!r}" if len(text) < 40 else f"{len(text)} characters")


def _minimum(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    bound, inclusive = constraint.value, constraint.keyword == "minimum"
    if node.types == {"integer"}:
        yield InvalidValue(math.ceil(bound) - 1 if inclusive else math.floor(bound), f"one less than {bound}")
        if bound > 1:
            yield _NOTHING
    else:
        yield InvalidValue(before(bound) if inclusive else bound, f"just below {bound}")
        if bound > 0:
            yield _NOTHING
        yield InvalidValue(_moved(bound, -0.1), f"below {bound}")
    yield InvalidValue(bound - 1000, f"far below {bound}")


def _maximum(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    bound, inclusive = constraint.value, constraint.keyword == "maximum"
    if node.types == {"integer"}:
        yield InvalidValue(math.floor(bound) + 1 if inclusive else math.ceil(bound), f"one more than {bound}")
    else:
        yield InvalidValue(after(bound) if inclusive else bound, f"just above {bound}")
        if bound < 0:
            yield _NOTHING
        yield InvalidValue(_moved(bound, +0.1), f"above {bound}")
        if bound == 1:
            yield InvalidValue(50, "a percentage")
    yield InvalidValue(bound + max(abs(bound), 1), f"twice {bound}")
    yield InvalidValue(bound + 1000, f"far above {bound}")


def _moved(bound: float, step: float) -> float:
    # An integer beyond the range of a double cannot be moved by less than one.
    return round(bound + step, 6) if abs(bound) < _LARGE else bound + (1 if step > 0 else -1)


_FORMATS: dict[str, list[tuple[Json, str]]] = {
    "int32": [(2**31, "2^31"), (-(2**31) - 1, "-2^31-1"), (10**20, "10^20"), (2**53, "2^53")],
    "int64": [(2**63, "2^63"), (-(2**63) - 1, "-2^63-1")],
    "uuid": [("word", "a word"), ("3c90c3cc-0d44-4b50-8888-8dd25736052g", "an invalid digit")],
    "date-time": [("word", "a word"), ("2023-13-07T05:31:56Z", "month 13")],
    "email": [("word", "a word")],
    "uri": [("no uri at all", "no URI")],
    "date": [("2023-02-30", "February 30")],
}
_OF_NO_FORMAT: list[tuple[Json, str]] = [
    *(
        ("word", "a word"),
        ("two words", "two words"),
        ("-", "a dash"),
        ("[", "a bracket"),
        ("{", "a brace"),
        ("%", "a percent sign"),
    ),
]


def _formats(_node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    for value, label in _FORMATS.get(constraint.value, _OF_NO_FORMAT):
        yield InvalidValue(value, label)


def _min_length(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    for text in _of_length(node, constraint.value - 1):
        if len(text) < constraint.value:
            yield InvalidValue(text, f"{len(text)} characters")


def _max_length(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    likely = (each for each in node.get("x-invalid-values", ()) if isinstance(each, str))
    for text in (*likely, *_of_length(node, constraint.value + 1)):
        if len(text) > constraint.value:
            yield InvalidValue(text, f"{len(text)} characters")


def _of_length(node: Node, length: int) -> Iterator[str]:
    """Yield strings of a length, of the pattern if there is one."""
    if 0 <= length <= LONGEST:
        yield long_string(length) if length > 3 else "xyz"[:length]
        # As many characters, but twice as many units of UTF-16: JSON Schema counts characters.
        yield from [wide_string(length)] if length and node.get("pattern") is None and node.get("format") is None else ()
    yield from sorted(matching(node.get("pattern")), key=lambda text: abs(len(text) - length)) if node.get("pattern") else ()


def _multiple_of(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    step = constraint.value
    near_miss = [each.value for each in accepted(node) if isinstance(each.value, (int, float)) and each.must] or [step]
    for value in near_miss[:6]:
        yield InvalidValue(
            value + step / 2 if isinstance(step, float) or step % 2 else value + step // 2, f"half of {step} too much"
        )
        yield InvalidValue(value + 1, f"one more than a multiple of {step}")


def _out_of_bounds(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    """Yield durations just beyond each bound: by a second, by a nanosecond, and far beyond."""
    for name, direction in (("maximum", +1), ("minimum", -1)):
        bound = seconds(constraint.value.get(name))
        for step in (Decimal(1), NANOSECOND, Decimal(100_000)) if bound is not None else ():
            text = written(bound + direction * step) if bound is not None else ""
            if fits(node.get("pattern") or "").is_valid(text):
                yield InvalidValue(text, f"{text}, beyond the {name}")


SCALARS: dict[str, Callable[[Node, Constraint], Iterator[InvalidValue]]] = {
    "x-duration": _out_of_bounds,
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
}
