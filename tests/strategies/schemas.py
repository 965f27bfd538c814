"""Small schemas that can be satisfied, made up by Hypothesis, and a validator that the project does not use itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

import jsonschema
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.schema.oracle import Oracle

Object: TypeAlias = dict[str, Any]
NAMES = ("a", "b", "c", "d")


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    """The keyword `pattern`, with the `$` of ECMA-262: Python's admits a newline behind."""
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), value, re.ASCII):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


_extend: Any = jsonschema.validators.extend  # its type hints are not complete
_VALIDATOR = _extend(jsonschema.Draft202012Validator, {"pattern": _pattern})


def validator(schema: Any) -> Any:
    """A validator in Python for a schema: ours is written in Rust."""
    return _VALIDATOR(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def errors(schema: Any, value: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The path and the keyword of each error of a value."""
    yield from ((tuple(error.absolute_path), error.validator) for error in validator(schema).iter_errors(value))


def fits(schema: Any, value: Any) -> bool:
    return bool(validator(schema).is_valid(value))


def oracle(schema: Object, field: str = "field") -> Oracle:
    """The oracle of a body with one field of this schema."""
    return Oracle({"type": "object", "properties": {field: schema}}, "body")


@cache
def ours() -> Oracle:
    """The oracle of the body of our own contract."""
    catalogue = catalogue_of(load_contract())
    return Oracle(catalogue.contract.request, "body", catalogue.body)


def _between(kind: str, low: str, high: str, lows: SearchStrategy[Any], sizes: SearchStrategy[Any]) -> SearchStrategy[Object]:
    """A type with none, one or both of two limits, the second no lower than the first."""
    both = st.builds(lambda least, size: {low: least, high: least + size}, lows, sizes)
    one = lows.map(lambda least: {low: least}) | st.builds(lambda least, size: {high: least + size}, lows, sizes)
    none: SearchStrategy[Object] = st.just({})
    return (none | one | both).map(lambda limits: {"type": kind, **limits})


INTEGERS = _between("integer", "minimum", "maximum", st.integers(-5, 5), st.integers(0, 9)) | _between(
    "integer", "exclusiveMinimum", "exclusiveMaximum", st.integers(-5, 5), st.integers(2, 9)
)
NUMBERS = _between("number", "minimum", "maximum", st.sampled_from([-1, 0, 0.5, 2]), st.sampled_from([0.25, 1, 10])) | _between(
    "number", "exclusiveMinimum", "exclusiveMaximum", st.sampled_from([-1, 0, 0.5, 2]), st.sampled_from([0.25, 1, 10])
)
STRINGS = _between("string", "minLength", "maxLength", st.integers(1, 4), st.integers(0, 300))
PATTERNS: SearchStrategy[Object] = st.sampled_from(["^[a-c]{2,4}$", "^x-[0-9]+$", "^(?:one|two)$", "^[^ ]{1,8}$"]).map(
    lambda pattern: {"type": "string", "pattern": pattern}
)
ENUMS: SearchStrategy[Object] = st.lists(
    st.sampled_from(["KIND_ONE", "KIND_TWO", "KIND_THREE", "kind_four"]), min_size=1, max_size=4, unique=True
).map(lambda members: {"type": "string", "enum": members})
LEAVES = INTEGERS | NUMBERS | STRINGS | PATTERNS | ENUMS | st.just({"type": "boolean"})


def arrays(item: SearchStrategy[Object]) -> SearchStrategy[Object]:
    """Arrays of these items, with sizes that can be reached."""
    return st.builds(
        lambda each, least, more: {
            "type": "array",
            "items": each,
            **dict([("minItems", least)] if least else []),
            **({} if more is None else {"maxItems": max(least + more, 1)}),
        },
        item,
        st.integers(0, 3),
        st.none() | st.integers(0, 3),
    )


def maps(value: SearchStrategy[Object]) -> SearchStrategy[Object]:
    """Objects with free keys and these values."""
    names: SearchStrategy[str | None] = st.none() | st.sampled_from(["^x-[a-z]{1,3}$", "^[a-z0-9]+$"])
    return st.builds(
        lambda each, pattern: {
            "type": "object",
            "additionalProperties": each,
            **({} if pattern is None else {"propertyNames": {"pattern": pattern}}),
        },
        value,
        names,
    )


@st.composite
def objects(draw: st.DrawFn, member: SearchStrategy[Object] = LEAVES) -> Object:
    """Objects of up to four members, some required, some of which exclude or need another that is not required."""
    properties = draw(st.dictionaries(st.sampled_from(NAMES), member, min_size=1, max_size=4))
    required = draw(st.lists(st.sampled_from(sorted(properties)), max_size=2, unique=True))
    found = {"type": "object", "properties": properties, **dict([("required", required)] if required else [])}
    one, other = [*sorted(properties.keys() - set(required)), "", ""][:2]
    if other:
        found |= draw(
            st.sampled_from(
                [{}, {"not": {"required": [one, other]}}, {"dependentRequired": {one: [other]}}, {"maxProperties": 3}]
            )
        )
    return found


FIELDS = LEAVES | arrays(LEAVES) | maps(LEAVES)
BODIES = objects(FIELDS | objects())


def keywords(schema: Object, path: str = "body") -> Iterator[str]:
    """The rules that a body can violate, as the schema states them: one for each keyword of each place."""
    for keyword in schema.keys() - {"properties", "items", "required", "additionalProperties"}:
        yield f"{path}.{keyword}"
    for name, child in schema.get("properties", {}).items():
        yield from keywords(child, f"{path}.{name}")
        if name in schema.get("required", ()):
            yield f"{path}.{name}.required"
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield from keywords(schema[keyword], f"{path}.*")
