"""Budgets of cases: how many cases of a rule, a field or a value are worth a request each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBudget:
    """How many negative cases a plan has, and whether positive ones are `few`: the likeliest values, each pair once.

    `keywords` is the number of violations of a rule by its keyword, `others` that of any other keyword. `undocumented` bounds
    violations of what nobody documents, and `implied` ways of leaving out what is only implied to be needed. `coerced` bounds
    values that only parsers coerce which the server does not use. `unknown` bounds unknown values of a field whose known ones
    the description lists. None is all of them.
    """

    few: bool = False
    keywords: Mapping[str, int] = field(default_factory=dict)
    others: int | None = None
    undocumented: int | None = None
    implied: int | None = None
    coerced: int | None = None
    unknown: int | None = None

    def of(self, keyword: str) -> int | None:
        """Return how many violations of a rule with this keyword are sent; None for all of them."""
        return self.keywords.get(keyword, self.others)


# The numbers are what `selfcheck` needs to catch its faults: a fault of a pattern shows at one of its thirty edges.
LIKELIEST = CaseBudget(
    few=True,
    keywords={
        "type": 4,
        "enum": 20,
        "pattern": 34,
        "maxProperties": 18,
        "oneOf": 9,
        "propertyNames": 8,
        "x-duration": 4,
        "x-unique-by": 10,
        "x-covers": 4,
        "required": 2,
        "maximum": 3,
        "exclusiveMaximum": 3,
        "format": 3,
        "minimum": 2,
        "exclusiveMinimum": 2,
        "minLength": 2,
        "maxLength": 2,
    },
    others=16,
    undocumented=0,
    implied=1,
    coerced=1,
    unknown=2,
)
EVERY = CaseBudget()
