"""Small values over the words that a schema uses: its literals, bounds, patterns and names, combined a few at a time.

If any value satisfies or violates a schema, mostly one made of few of the schema's own words does. This is the small scope
hypothesis. So this is the way to values of keywords that nobody constructs values for: `unevaluatedProperties` beside a
reference, `if` inside `oneOf`, and the like. The validator decides which value is valid; here nothing has to be certain.

Example: `{"properties": {"a": {"maximum": 3}}, "required": ["b"]}` has the words `a`, `b` and 3. Among its small values are
`{}`, `{"a": 3}`, `{"a": 4}`, `{"b": null}` and `{"a": 3, "b": null}`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice, product, zip_longest

from openapi.json_types import Json, Schema, tokens
from openapi.schema.normal_form import nullable_rest
from strategies.values.strings import FORMAT_SAMPLES, matching, missing_pattern

_DEEP = 5  # schemas inside each other that are looked into
_EACH, _MANY, _ALL = 6, 60, 600  # values of a member or item, of an inner schema, of the whole
_SIZES = 6  # items beyond which a bound of a count is not reached here
_ATOMS: tuple[Json, ...] = ("text", 1, None, True, {}, [], 1.5, -1, 0, "", False, "other", 12, {"other": 1}, ["text"])
_OTHER = "other"  # a name that no schema uses
_APPLIED = ("allOf", "anyOf", "oneOf")
_INSIDE = ("not", "if", "then", "else")


def small_values(schema: Schema) -> tuple[Json, ...]:
    """Return some hundred small values of any kind, valid ones and others; `schema` is self-contained."""
    return tuple(_Small(schema.get("$defs", {})).values(schema, _ALL, 0))


@dataclass
class _Small:
    """Collects the small values of one schema; `entered` are the definitions that are being looked into."""

    definitions: Schema
    entered: list[str] = field(default_factory=list)

    def values(self, schema: Json, most: int, depth: int) -> list[Json]:
        """Return small values for a schema, the likeliest valid ones first."""
        if not isinstance(schema, dict) or depth > _DEEP:
            return list(_ATOMS)
        inner = self._inner(schema, depth)
        own = list(_in_turn((self._objects(schema, depth), self._arrays(schema, depth))))
        sources = (
            chain(iter(schema.get("enum", ())), [schema["const"]] if "const" in schema else ()),
            _scalars(schema),
            *inner,
            self._joined([own[:_EACH], *inner]) if inner else (),
            own,
        )
        return _different(chain(_in_turn(sources), _ATOMS), most)

    def _inner(self, schema: Schema, depth: int) -> list[list[Json]]:
        """Return the small values of each schema that applies to the same value."""
        parts = [part for keyword in _APPLIED for part in schema.get(keyword, ())]
        inside = _INSIDE if nullable_rest(schema) is None else ("not", "else")
        parts += [schema[keyword] for keyword in inside if keyword in schema]
        parts += [{"required": [name], "allOf": [part]} for name, part in schema.get("dependentSchemas", {}).items()]
        found = [self.values(part, _MANY, depth + 1) for part in parts]
        reference = schema.get("$ref", "")
        name = tokens(reference.removeprefix("#"))[1] if reference.startswith("#/$defs/") else ""
        if name in self.definitions and self.entered.count(name) < 2:
            self.entered.append(name)
            found.append(self.values(self.definitions[name], _MANY, depth + 1))
            self.entered.pop()
        return found

    def _joined(self, inner: list[list[Json]]) -> Iterator[Json]:
        """Yield containers of several schemas of one value as one, by twos and all of them."""
        for kind in (dict, list):
            containers = [[each for each in values if isinstance(each, kind) and each] for values in inner]
            for first, second in _pairs([values for values in containers if values]):
                yield from (_both(one, other) for one, other in product(first[:_EACH], second[:_EACH]))
            for several in zip_longest(*(values[:_EACH] for values in containers), fillvalue=kind()):
                yield reduce(_both, several, kind())

    def _objects(self, schema: Schema, depth: int) -> Iterator[Json]:
        members = self._members(schema, depth)
        if not members:
            return
        required = [name for name in schema.get("required", ()) if isinstance(name, str)]
        least = {name: members[name][0] for name in required}
        yield least
        yield {}
        yield from _assembled(members, least)
        for size in _around(schema, "minProperties", "maxProperties"):
            yield {f"key{index}": index for index in range(size)}

    def _members(self, schema: Schema, depth: int) -> dict[str, list[Json]]:
        """Return the names that a schema of an object uses, with values for each."""
        stated: dict[str, list[Json]] = {}
        for name, part in schema.get("properties", {}).items():
            stated[name] = self.values(part, _MANY, depth + 1)[:_EACH]
        for pattern, part in schema.get("patternProperties", {}).items():
            values = self.values(part, _MANY, depth + 1)[:_EACH]
            stated |= {name: values for name in matching(pattern)[:2] if name not in stated}
        names = [*schema.get("required", ()), *_dependent_names(schema), *self._names(schema)]
        others = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        rest = self.values(others, _MANY, depth + 1)[:_EACH] if isinstance(others, dict) else list(_ATOMS[:_EACH])
        is_about_objects = stated or names or any("ropert" in keyword for keyword in schema)
        free = [name for name in (*names, _OTHER) if name not in stated] if is_about_objects else []
        return stated | dict.fromkeys(free, rest)

    def _names(self, schema: Schema) -> list[str]:
        names = schema.get("propertyNames")
        return [each for each in self.values(names, _EACH, _DEEP) if isinstance(each, str)] if isinstance(names, dict) else []

    def _arrays(self, schema: Schema, depth: int) -> Iterator[Json]:
        if not any(keyword.endswith(("tems", "ontains")) for keyword in schema):
            return
        first = [self.values(part, _MANY, depth + 1)[:_EACH] for part in schema.get("prefixItems", ())]
        kinds = [schema[key] for key in ("items", "contains", "unevaluatedItems") if isinstance(schema.get(key), dict)]
        rest = _different(_in_turn([self.values(part, _MANY, depth + 1)[:_EACH] for part in kinds] or [_ATOMS]), 9)
        yield from _tuples(first)
        begun = [values[0] for values in first]
        sizes = {0, 1, 2, 3, *_around(schema, "minItems", "maxItems"), *_around(schema, "minContains", "maxContains")}
        for size in sorted(sizes):
            yield from ([*begun, *[each] * size] for each in rest)
            yield from ([*begun, *islice(rest[start:] + rest[:start], size)] for start in range(len(rest)))
        yield from ([*begun, one, other, one] for one, other in product(rest[:_EACH], rest[:_EACH]))


def _assembled(members: dict[str, list[Json]], least: dict[str, Json]) -> Iterator[Json]:
    """Yield objects of the members: all together, each with the least and alone, and each two with the least."""
    for choice in range(_EACH):
        yield {name: values[choice % len(values)] for name, values in members.items()}
    for name, values in members.items():
        yield from ({**least, name: value} for value in values)
        yield from ({name: value} for value in values)
        yield {key: value for key, value in least.items() if key != name}
    for (one, firsts), (other, seconds) in _pairs(list(members.items())):
        yield from ({**least, one: first, other: second} for first, second in product(firsts[:3], seconds[:3]))


def _tuples(first: list[list[Json]]) -> Iterator[Json]:
    """Yield arrays of the values that each place at the beginning may have: all places, and as few as show each value."""
    for choice in range(_EACH):
        yield [values[choice % len(values)] for values in first]
    for index, values in enumerate(first):
        yield from ([*(each[0] for each in first[:index]), value] for value in values)


def _both(one: Json, other: Json) -> Json:
    """Return two values as one; what says nothing in particular gives way to what does."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other, **{name: _both(one[name], other[name]) for name in one if name in other}}
    if isinstance(one, list) and isinstance(other, list):
        longer = one if len(one) > len(other) else other
        return [*(_both(*pair) for pair in zip(one, other, strict=False)), *longer[min(len(one), len(other)) :]]
    return one if other in _ATOMS else other


def _dependent_names(schema: Schema) -> Iterator[str]:
    for name, others in schema.get("dependentRequired", {}).items():
        yield from (name, *others)


def _around(schema: Schema, *bounds: str) -> list[int]:
    """Return the counts at each bound and beside it."""
    stated = [int(schema[bound]) for bound in bounds if isinstance(schema.get(bound), (int, float))]
    return sorted({size + step for size in stated for step in (-1, 0, 1) if 0 <= size + step <= max(_SIZES, *stated) + 1})


def _scalars(schema: Schema) -> Iterator[Json]:
    for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
        if isinstance(value := schema.get(bound), (int, float)):
            yield from (value, value + 1, value - 1, math.floor(value), value + 0.5)
    for bound in ("minLength", "maxLength"):
        if isinstance(value := schema.get(bound), (int, float)) and value < 1_000:
            yield from ("x" * (int(value) + step) for step in (0, 1, -1))
    if isinstance(pattern := schema.get("pattern"), str):
        yield from chain(matching(pattern)[:_EACH], missing_pattern(pattern)[:_EACH])
    yield from FORMAT_SAMPLES.get(schema.get("format", ""), ())


def _pairs(values: list[Json]) -> Iterator[tuple[Json, Json]]:
    return ((one, other) for index, one in enumerate(values) for other in values[index + 1 :])


_NOTHING = object()


def _in_turn(sources: Iterable[Iterable[Json]]) -> Iterator[Json]:
    """Yield one value of each source, then another of each."""
    rounds = zip_longest(*sources, fillvalue=_NOTHING)
    return (each for found in rounds for each in found if each is not _NOTHING)


def _different(values: Iterable[Json], most: int) -> list[Json]:
    """Return the first values, each once; true is not 1."""
    found: dict[str, Json] = {}
    for value in values:
        found.setdefault(repr(value), value)
        if len(found) >= most:
            break
    return list(found.values())
