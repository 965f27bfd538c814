"""Hypothesis examples for patterns and schemas that our tables do not construct.

hypothesis-jsonschema reads drafts 4 to 7; newer keywords are rewritten first, or left to the filter.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from openapi.json_types import Json
from strategies.values.abandoned import Abandoned, is_abandoned
from strategies.values.constants import without_constants

T = TypeVar("T")
_EXAMPLES = 12


@lru_cache(maxsize=128)
def examples_of_pattern(pattern: str) -> list[str]:
    """Return some strings that match a pattern, the same ones each time."""
    try:
        return take(st.from_regex(pattern), _EXAMPLES)
    except (HypothesisException, re.error):  # Python's patterns are not those of JavaScript
        return []


def examples_of(schema: Json) -> list[Json]:
    """Return some values of a schema, by hypothesis-jsonschema; empty if it finds none."""
    from hypothesis_jsonschema import from_schema

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return take(from_schema(draft7(schema)), _EXAMPLES)
    except (HypothesisException, ValueError, TypeError, RecursionError, re.error):
        return []
    except Exception as error:
        # Neither hypothesis-jsonschema nor its resolver exports the errors about recursive references, and about patterns
        # that Python does not read.
        if any(name in type(error).__name__ for name in ("RefResolution", "SchemaError")):
            return []
        raise


def examples_against(schema: Json, fragment: Json) -> list[Json]:
    """Return some values of `schema` that violate `fragment`; empty if there are none."""
    definitions = {"$defs": schema["$defs"]} if "$defs" in schema else {}
    wanted = {key: value for key, value in schema.items() if key != "$defs"}
    return examples_of({"allOf": [wanted, {"not": fragment}], **definitions})


def take(strategy: st.SearchStrategy[T], count: int, seed: int = 0) -> list[T]:
    """Return at most `count` examples of a strategy without running a test, the same ones for the same seed."""
    found: list[T] = []
    draw(strategy, count, seed, found.append)
    return found[:count]


def draw(strategy: st.SearchStrategy[T], count: int, seed: int, found: Callable[[T], None]) -> None:
    """Pass `count` examples of a strategy, or a few more, to `found`; the same ones for the same seed. Abandoned as asked."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=False,
    )
    @given(strategy)
    def collect(value: T) -> None:
        if is_abandoned.get()():
            raise Abandoned
        found(value)

    with without_constants():
        collect()


def draft7(schema: Json) -> Json:
    """Return a schema as a reader of draft 7 needs it, without our extensions."""
    if isinstance(schema, list):
        return [draft7(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {_RENAMED.get(key, key): _member(key, value) for key, value in schema.items() if not key.startswith("x-")}
    if isinstance(schema.get("$ref"), str):
        plain["$ref"] = schema["$ref"].replace("#/$defs/", "#/definitions/")
    return plain


def _member(key: str, value: Json) -> Json:
    if key in _LITERAL:
        return value
    if key in _MAPS and isinstance(value, dict):
        return {name: draft7(each) for name, each in value.items()}
    return draft7(value)


_RENAMED = {"$defs": "definitions"}
_MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_LITERAL = frozenset({"const", "enum", "default", "examples", "required", "type"})
