"""Examples drawn by Hypothesis for what our own tables do not construct: patterns beyond us, and any other schema.

hypothesis-jsonschema reads drafts 4 to 7; what 2020-12 adds to those is rewritten first, or left to the filter.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException, NonInteractiveExampleWarning

from openapi.json_types import Json

_EXAMPLES = 12


@lru_cache(maxsize=128)
def examples_of_pattern(pattern: str) -> list[str]:
    """Some strings that match a pattern, the same ones each time."""
    return [text for text in take(st.from_regex(pattern), _EXAMPLES) if isinstance(text, str)]


def examples_against(schema: Json, fragment: Json) -> list[Json]:
    """Some values of `schema` that break `fragment`, by hypothesis-jsonschema; empty if it finds none."""
    from hypothesis_jsonschema import from_schema

    wanted = {key: value for key, value in schema.items() if not key.startswith("x-")}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return take(from_schema({"allOf": [_draft7(wanted), {"not": _draft7(fragment)}]}), _EXAMPLES)
    except (HypothesisException, ValueError, TypeError, RecursionError):
        return []


def take(strategy: st.SearchStrategy[Json], count: int, seed: int = 0) -> list[Json]:
    """`count` examples of a strategy at most, without running a test, the same ones for the same seed."""
    found: list[Json] = []

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
    def collect(value: Json) -> None:
        found.append(value)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        collect()
    return found[:count]


def _draft7(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_draft7(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    renamed = {"$defs": "definitions"}
    return {
        renamed.get(key, key): value.replace("#/$defs/", "#/definitions/") if key == "$ref" else _draft7(value)
        for key, value in schema.items()
    }
