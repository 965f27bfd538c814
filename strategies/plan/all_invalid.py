"""Bodies that are wrong in many ways at once: servers stumble over collected errors, null, and what they take for granted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from random import Random

from openapi.json_types import Json, Path
from openapi.rules import Basis
from strategies.bodies.builder import Builder
from strategies.case import Case, Side
from strategies.plan.plan import Plan
from strategies.values.minimal import simplest

ALL_INVALID = "robustness.server-error"
_BODIES = 6


def all_invalid(plan: Plan) -> Iterator[Case]:
    """Yield bodies in which every member violates a documented rule; only a 5xx response counts.

    Of each member comes a rule that has met fewest of those chosen before it, any of several such, since in a fixed order the
    same ones would meet again. Example: of two members with three rules each, six bodies violate six of the nine pairs.
    """
    invalid = defaultdict[str, dict[str, list[Json]]](dict)
    for rule, found in plan.violations.items():
        for each in found if plan.catalogue.is_documented(rule) else ():
            name = next(iter(each.path), None)
            if isinstance(name, str) and isinstance(each.body, dict) and name in each.body:
                invalid[name].setdefault(rule, []).append(each.body[name])
    met, used, chance = set[tuple[str, str]](), Counter[str](), Random(0)  # noqa: S311 - no secret
    for number in range(_BODIES if invalid else 0):
        chosen = list[str]()
        for rules in invalid.values():
            any_order = chance.sample([*rules], len(rules))
            chosen.append(max(any_order, key=lambda rule: (sum((other, rule) not in met for other in chosen), -used[rule])))
        met.update(combinations(chosen, 2))
        used.update(chosen)
        values = [rules[rule] for rules, rule in zip(invalid.values(), chosen, strict=True)]
        body = {name: each[number % len(each)] for name, each in zip(invalid, values, strict=True)}
        yield Case(side=Side.PROBE, label=f"every member invalid, {number + 1}", rule=ALL_INVALID, body=body)


def all_undocumented(plan: Plan) -> Iterator[Case]:
    """Yield bodies that violate what nobody documents, as much of it in each as goes together; only a 5xx response counts.

    A profile with a budget for such rules violates each of them alone, and gets none of these.
    """
    if plan.budget.undocumented != 0:
        return
    builder, bodies = Builder(plan.oracle), list[Json]()
    undocumented = frozenset(rule for rule, each in plan.catalogue.rules.items() if each.basis is Basis.UNDOCUMENTED)
    for found in (found[0].body for rule, found in plan.violations.items() if rule in undocumented):
        for index, body in enumerate(bodies):
            both = builder.complete(_together(body, found), allowed=undocumented)
            if both is not None:
                bodies[index] = both
                break
        else:
            bodies.append(found)
    for number, body in enumerate(bodies, 1):
        yield Case(side=Side.PROBE, label=f"what nobody documents, {number} of {len(bodies)}", rule=ALL_INVALID, body=body)


def _together(one: Json, other: Json) -> Json:
    """Return a body with the members of both, and the items of both where both have a list."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one
    lists = {
        name: one[name] + value for name, value in other.items() if isinstance(value, list) and isinstance(one.get(name), list)
    }
    return {**other, **one, **lists}


def all_null(plan: Plan) -> Iterator[Case]:
    """Yield a body in which every member is null, which may be taken for not set or refused; only a 5xx response counts."""
    if body := _nulls(plan):
        yield _of_null("every member", body)


def nulls_by_type(plan: Plan) -> Iterator[tuple[Case, ...]]:
    """Yield bodies in which a member that may be missing and may not be null is null, those of one type at a time.

    Those of one type begin with a body in which all of these are null, since parsers read null by the type.
    """
    groups = defaultdict[frozenset[str], dict[str, Json]](dict)
    for name in _nulls(plan):
        node = plan.oracle.root.properties[name]
        built = None if node.admits_null or node.demanded else Builder(plan.oracle).around(node, simplest(node))
        if built is not None:
            groups[frozenset(node.types)][name] = {**built[0], name: None}
    for types, bodies in groups.items():
        alone = [_of_null(name, body, (name,)) for name, body in bodies.items()]
        together = {name: value for body in bodies.values() for name, value in body.items()} | dict.fromkeys(bodies)
        yield (*([_of_null(f"every {' or '.join(sorted(types))}", together)] if len(alone) > 1 else ()), *alone)


def nested_nulls(plan: Plan) -> tuple[Case, ...]:
    """Return bodies in which every member of one property, or of one item of it, is null; a body with all of these first."""
    bodies: dict[str, Json] = {}
    for name, node in plan.oracle.root.properties.items():
        inner = node.each if node.is_array else node
        members = {} if inner is None or node.get("x-hazard") else inner.properties
        nulls: Json = {member: None for member, each in members.items() if not each.get("x-hazard")}
        if nulls:
            bodies[name] = [nulls] if node.is_array else nulls
    alone = [_of_null(f"every member of {name}", {name: value}, (name,)) for name, value in bodies.items()]
    return (*([_of_null("every nested member", bodies)] if len(alone) > 1 else ()), *alone)


def _of_null(subject: str, body: Json, path: Path | None = None) -> Case:
    return Case(side=Side.PROBE, label=f"{subject} null", rule=ALL_INVALID, body=body, offending_path=path)


def _nulls(plan: Plan) -> dict[str, Json]:
    return {name: None for name, node in plan.oracle.root.properties.items() if not node.get("x-hazard")}
