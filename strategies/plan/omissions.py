"""Members that only a type implies to be needed, left out together.

Many servers take a default for each of them, and each such request creates an object. So one body lacks many: if it is
accepted, each may be missing. If it is refused, nobody knows for which, and each is left out by itself.

    {"tools": [{"name": "a"}, {"url": "https://example.com"}]}    the first lacks its `url`, the second its `name`
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from openapi.json_types import Json, Path
from openapi.rules import Basis
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, with_value
from strategies.bodies.builder import Builder
from strategies.case import Case, Side
from strategies.negative.violations import Violation
from strategies.plan.plan import Plan

_KEYWORD = ".required"


@dataclass(frozen=True, slots=True)
class Omissions:
    """A body in which several members are missing, and nothing else is wrong.

    `violations` are each at its path there, `alone` the same in a body of its own each.
    """

    body: Json
    violations: tuple[Violation, ...]
    alone: tuple[Violation, ...]

    @property
    def cases(self) -> list[Case]:
        """Return a negative case for each member, all of the same body."""
        return [
            Case(
                side=Side.REJECTS,
                label=f"{each.label}, and others" if len(self.violations) > 1 else each.label,
                rule=each.rule,
                body=self.body,
                offending_path=each.path,
            )
            for each in self.violations
        ]


def is_lenient(plan: Plan, rule: str) -> bool:
    """Return whether a rule asks for a member that a server may do without, as far as anybody documents."""
    return rule.endswith(_KEYWORD) and plan.catalogue.rules[rule].basis is Basis.IMPLIED


def omitted_together(plan: Plan) -> list[Omissions]:
    """Return few bodies in which each member is missing that is only implied to be needed, but for the first."""
    found = [known[0] for rule, known in plan.violations.items() if is_lenient(plan, rule)]
    return _packed(plan.oracle, found[1:])


def _packed(oracle: Oracle, violations: Iterable[Violation]) -> list[Omissions]:
    packs: list[Omissions] = []
    for violation in violations:
        for index, pack in enumerate(packs):
            grown = _with(oracle, pack, violation)
            if grown is not None:
                packs[index] = grown
                break
        else:
            packs.append(Omissions(violation.body, (violation,), (violation,)))
    return packs


def _with(oracle: Oracle, pack: Omissions, violation: Violation) -> Omissions | None:
    """Return the pack with one more missing member, in an item of its own; None where they do not fit together."""
    body, path = _beside(pack.body, violation)
    if body is None:
        return None
    both = (*pack.violations, replace(violation, body=body, path=path))
    rules = frozenset(each.rule for each in both)
    body = Builder(oracle).complete(body, (), rules)
    violated = {} if body is None else oracle.violated(body)
    is_exact = violated.keys() == rules and all(each.path in violated[each.rule] for each in both)
    return (
        Omissions(body, both, (*pack.alone, violation)) if is_exact and sum(map(len, violated.values())) == len(both) else None
    )


def _beside(body: Json, violation: Violation) -> tuple[Json | None, Path]:
    """Return the body with the violation as another member or another item, and the path to it; None for no place."""
    path = violation.path
    name = path[0]
    if name not in body:
        return {**body, **violation.body}, path
    for depth, step in enumerate(path):
        items = at(body, path[:depth])
        if isinstance(step, int) and isinstance(items, list):
            more = [*items, *at(violation.body, path[:depth])]
            return with_value(body, path[:depth], more), (*path[:depth], step + len(items), *path[depth + 1 :])
    return None, path
