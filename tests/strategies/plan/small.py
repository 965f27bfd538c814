"""A small description with a member of each kind, its plan, and its cases."""

from __future__ import annotations

from functools import cache

from openapi.catalogue import Catalogue
from strategies.case import Case
from strategies.plan.all_invalid import all_invalid
from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.mutators import mutated
from strategies.plan.plan import Plan
from tests.openapi.synthetic import catalogued
from tests.strategies.schemas import Object

ITEM: Object = {"type": "object", "properties": {"key": {"type": "string"}, "on": {"type": "boolean"}}, "required": ["key"]}
BODY: Object = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0, "maximum": 1},
        "count": {"type": "integer", "minimum": 1},
        "kind": {"type": "string", "enum": ["KIND_ONE", "KIND_TWO"]},
        "wait": {"type": "string", "pattern": "^[0-9]{1,3}s$"},
        "items": {"type": "array", "items": ITEM, "maxItems": 3},
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "free": {"type": "object"},
        "some": {"type": "string", "enum": ["A", "B"], "x-implementation-defined": {"const": "B"}},
    },
    "required": ["count"],
}


@cache
def catalogue() -> Catalogue:
    return catalogued(BODY)


def plan(*, few: bool = True) -> Plan:
    """A plan of which nothing is made yet."""
    return Plan(catalogue(), LIKELIEST if few else EVERY)


@cache
def planned() -> Plan:
    """A plan that is shared by the tests that only read it."""
    return plan()


def cases(of: Plan) -> list[Case]:
    planned = [*of.accepts(), *of.pairs(), *of.combinations(5), *of.may(), *of.rejects()]
    return [*planned, *of.in_context(), *of.deep_in_lists(), *mutated(of, 2), *all_invalid(of)]
