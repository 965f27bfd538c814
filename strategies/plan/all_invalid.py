"""Bodies in which every member is invalid, or null: servers stumble over the errors that they collect, and over null."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json
from strategies.bodies.builder import Builder
from strategies.case import Case, Side
from strategies.plan.plan import Plan
from strategies.values.minimal import simplest

ALL_INVALID = "robustness.server-error"
_BODIES = 6


def all_invalid(plan: Plan) -> Iterator[Case]:
    """Yield bodies in which every member violates a documented rule; only a 5xx response counts."""
    invalid: dict[str, list[Json]] = {}
    for rule, found in plan.violations.items():
        for each in found if plan.catalogue.is_documented(rule) else ():
            name = next(iter(each.path), None)
            if isinstance(name, str) and isinstance(each.body, dict) and name in each.body:
                invalid.setdefault(name, []).append(each.body[name])
    for number in range(_BODIES if invalid else 0):
        body = {name: values[number * (index + 1) % len(values)] for index, (name, values) in enumerate(invalid.items())}
        yield Case(side=Side.PROBE, label=f"every member invalid, {number + 1}", rule=ALL_INVALID, body=body)


def all_null(plan: Plan) -> Iterator[Case]:
    """Yield a body in which every member is null, which may be taken for not set or refused; only a 5xx response counts."""
    if body := _nulls(plan):
        yield Case(side=Side.PROBE, label="every member null", rule=ALL_INVALID, body=body)


def each_null(plan: Plan) -> Iterator[Case]:
    """Yield a body for each member that may be missing and may not be null, in which it is null."""
    for name in _nulls(plan):
        node = plan.oracle.root.properties[name]
        built = None if node.admits_null or node.demanded else Builder(plan.oracle).around(node, simplest(node))
        if built is not None:
            body = {**built[0], name: None}
            yield Case(side=Side.PROBE, label=f"{name} null", rule=ALL_INVALID, body=body, offending_path=(name,))


def _nulls(plan: Plan) -> dict[str, Json]:
    return {name: None for name, node in plan.oracle.root.properties.items() if not node.get("x-hazard")}
