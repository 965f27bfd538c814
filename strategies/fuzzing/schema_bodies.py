"""Bodies by hypothesis-jsonschema: a generator that shares no code with ours, and reads nothing but JSON Schema.

It knows neither our extensions nor conditions between members, which it would spend minutes on. So those are left out of what
it reads. The oracle says of each body whether it violates one of them. Where the oracle refuses a body for a keyword that the
generator does know, one of the two is wrong: that is a dispute.

    oracle accepts                      positive case
    x-refers violated, the generator has never heard of it     negative case
    maxLength violated                  dispute
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from hypothesis.strategies import SearchStrategy

from openapi.json_types import Json
from strategies.values.sampling import draft7

# Of patterns and multiples two readers may think differently, and both be right.
READ = frozenset(
    "type enum const minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems "
    "uniqueItems required minProperties maxProperties additionalProperties".split()
)
_UNREAD = frozenset(
    "allOf anyOf oneOf not if then else dependentRequired dependentSchemas contains unevaluatedProperties".split()
)
_MAPS = frozenset({"properties", "patternProperties", "$defs"})
_LITERAL = frozenset({"const", "enum", "default", "examples", "required", "type"})


def bodies_by_schema(schema: Json) -> SearchStrategy[Json]:
    """Return a strategy for what hypothesis-jsonschema takes for a valid body. Members with `x-hazard` are never in it."""
    from hypothesis_jsonschema import from_schema

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of formats and keywords that it does not know
        strategy: SearchStrategy[Json] = from_schema(draft7(_read(schema)))
    return strategy


def disputed(violated: Iterable[str]) -> list[str]:
    """Return the rules, of those that a drawn body violates, whose keyword the generator reads."""
    return [rule for rule in violated if rule.rpartition(".")[2] in READ]


def _read(schema: Json) -> Json:
    """Return what the generator reads of a schema."""
    if isinstance(schema, list):
        return [_read(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    read = {key: _member(key, value) for key, value in schema.items() if key not in _UNREAD}
    # Nobody promises that members are accepted that no description names.
    return {"additionalProperties": False, **read} if "properties" in read else read


def _member(key: str, value: Json) -> Json:
    if key in _LITERAL:
        return value
    if key == "$defs" and isinstance(value, dict):
        return {name: _named(_read(each)) for name, each in value.items()}
    if key in _MAPS and isinstance(value, dict):
        return {name: _read(each) for name, each in value.items() if not _is_hazard(each)}
    return _read(value)


def _named(schema: Json) -> Json:
    """Return a named type; one without members has none, or a server that ignores them would be accused of losing them."""
    is_empty = isinstance(schema, dict) and schema.get("type") == "object" and "properties" not in schema
    return {"additionalProperties": False, **schema} if is_empty and isinstance(schema, dict) else schema


def _is_hazard(schema: Json) -> bool:
    return isinstance(schema, dict) and "x-hazard" in schema
