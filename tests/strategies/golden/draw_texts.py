"""Texts of the draws of our strategies, with the seed fixed. Another version of Hypothesis draws others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
from hypothesis.strategies import SearchStrategy

from strategies.fuzzing.batching import one_by_one
from strategies.fuzzing.body_strategies import Bodies
from strategies.fuzzing.field_strategies import is_wide, values
from strategies.fuzzing.rule_strategies import NoSuchBodies, RuleStrategies
from strategies.fuzzing.schema_bodies import bodies_by_schema
from strategies.negative.violations import Violation
from strategies.values.sampling import examples_against, examples_of, examples_of_pattern, take
from tests.strategies.golden.field_texts import drawn_fields, read
from tests.strategies.golden.plan_texts import catalogue, plan_of
from tests.strategies.golden.shown import shown
from tests.strategies.schemas import oracle

VERSION = f"Hypothesis {hypothesis.__version__}"
_FIELD, _FEW = 5, 12  # draws of a field, of bodies


def fields() -> Iterator[str]:
    """Yield the draws of each field."""
    yield VERSION
    for schema in read("fields.yaml"):
        node = oracle(schema).root.properties["field"]
        is_constant = node.get("const", ...) is not ...
        if node.types <= _TYPES and not node.is_object and node.each is None and not is_constant:
            yield from ("", f"## {shown(schema)}, wide: {shown(is_wide(node))}")
            strategy = values(node)
            yield from _lines([] if strategy is None else take(strategy, _FIELD))


def values_of_fields() -> Iterator[str]:
    """Yield values and violations that planning draws, where nothing else is found."""
    yield from (VERSION, *drawn_fields())


def schemas() -> Iterator[str]:
    """Yield the draws of each schema by hypothesis-jsonschema, and those of patterns."""
    yield VERSION
    for schema in _SCHEMAS:
        yield from ("", f"## {shown(schema)}", *_lines(examples_of(schema)))
    yield from ("", "## against maximum", *_lines(examples_against({"type": "integer"}, {"maximum": 7})))
    for pattern in ("^(?=a)[a-c]{2}$", "^(?P<a>"):
        yield from ("", f"## {pattern}", *_lines(examples_of_pattern(pattern)))


def _of_body(rule: str) -> bool:
    return rule.startswith("body.")


_TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array"})
_SCHEMAS: tuple[Any, ...] = (
    {"type": "string", "maxLength": 4},
    {"$defs": {"x": {"enum": [1, 2]}}, "type": "array", "items": {"$ref": "#/$defs/x"}, "maxItems": 2, "x-rule": "own"},
    {"type": "object", "required": ["$defs"], "properties": {"$defs": {"const": {"x-rule": 1}}}, "additionalProperties": False},
    {"allOf": [{"type": "integer"}, {"minimum": 5}, {"maximum": 6}]},
    {"type": "object", "patternProperties": {"^x-": {"type": "boolean"}}, "additionalProperties": False},
    {"type": "integer", "minimum": 3, "maximum": 2},
    {"$ref": "#/nowhere"},
    {"type": "string", "pattern": "("},
    True,
)


def bodies(name: str) -> Iterator[str]:
    """Yield drawn bodies of a small description."""
    yield VERSION
    found = Bodies(plan_of(name))
    yield from ("", f"## fields of {name}: {', '.join(node.path for node, _ in found.fields)}")
    strategies: dict[str, Callable[[], SearchStrategy[Any]]] = {
        "valid": found.valid,
        "valid batches": found.valid_batches,
        "invalid batches": found.invalid_batches,
        "by schema": lambda: bodies_by_schema(found.plan.catalogue.contract.request),
    }
    for title, make in strategies.items():
        yield from ("", f"## {title} of {name}")
        yield from _drawn(make(), _FEW)


def rules(name: str) -> Iterator[str]:
    """Yield drawn bodies for each rule of a small description: valid ones, violations, and near misses."""
    yield VERSION
    strategies = RuleStrategies(catalogue(name))
    for rule in ("body.unknown.type", "create.status", *filter(_of_body, strategies.catalogue.rules)):
        yield from ("", f"## {rule}")
        for title, make in (("-", strategies.valid), ("x", strategies.violating), ("!", strategies.near_misses)):
            try:
                yield from (f"{title} {shown(each)}" for each in take(make(rule), 2))
            except NoSuchBodies as error:
                yield f"{title} none: {error}"


def _drawn(strategy: SearchStrategy[Any], count: int) -> Iterator[str]:
    for found in one_by_one(strategy, count, seed=3):
        for each in found if isinstance(found, list) and found and isinstance(found[0], Violation) else [found]:
            is_violation = isinstance(each, Violation)
            yield f"x {each.rule} ({each.label}): {shown(each.body)}" if is_violation else f"- {shown(each)}"


def _lines(found: list[Any]) -> list[str]:
    return [f"- {shown(each)}" for each in found] or ["none"]
