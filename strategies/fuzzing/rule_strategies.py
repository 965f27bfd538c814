"""Hypothesis strategies by rule: bodies that keep it, that violate it alone, and valid ones next to a violation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import rule_id
from strategies.bodies.builder import Builder
from strategies.coverage.near_misses import nearest
from strategies.fuzzing.body_strategies import Bodies
from strategies.fuzzing.field_strategies import values
from strategies.negative.violations import Violation, is_hazard, violations
from strategies.plan.cache import cached_plan, default_folder, store
from strategies.plan.plan import Plan
from strategies.values.valid import Value, accepted

_MOST = 32  # planned bodies of one rule


class NoSuchBodies(LookupError):
    """No rule about the body has such an id, or there is no body of the requested kind; the text says which."""


@dataclass(frozen=True)
class RuleStrategies:
    """Strategies for the bodies of a contract, for `@given`."""

    catalogue: Catalogue

    def bodies(self) -> SearchStrategy[Json]:
        """Return a strategy for valid bodies with many members.

        The first call for a contract takes seconds; the plan is cached in the user's cache folder then.
        """
        plan = cached_plan(self.catalogue, Plan(self.catalogue).budget, default_folder())
        found = Bodies(plan).valid()
        _ = plan.violations  # the cache stores whole plans alone
        store(plan, default_folder())
        return found

    def valid(self, rule: str) -> SearchStrategy[Json]:
        """Return a strategy for small valid bodies with the member that the rule is about. NoSuchBodies without any."""
        node = self._node(rule)
        planned = self._planned(rule, node)
        drawn = None if not node.place or node.is_object or node.each is not None else values(node)
        known = _one_of(planned) if planned else None
        if drawn is None and known is None:
            raise NoSuchBodies(f"{rule}: no valid body with {node.path or 'the body'} can be constructed")
        around = None if drawn is None else drawn.map(lambda value: self._around(node, value)).filter(_is_some)
        return st.one_of(*(each for each in (known, around) if each is not None))

    def violating(self, rule: str) -> SearchStrategy[Json]:
        """Return a strategy for bodies that violate the rule and no other. NoSuchBodies where none can be constructed."""
        self._known(rule)
        found = next(violations(self._plan.oracle, only=rule), None) or self._of_branch(rule)
        if not found:
            raise NoSuchBodies(f"{rule}: no body that violates it alone can be constructed")
        return _one_of([each.body for each in found])

    def near_misses(self, rule: str) -> SearchStrategy[Json]:
        """Return a strategy for valid bodies next to a violation: at the bound itself, or but for one value.

        NoSuchBodies where the rule has none, such as a type.
        """
        node = self._node(rule)
        keyword = rule.rpartition(".")[2]
        at_bound = [each.value for each in self._accepted(node) if each.keyword == keyword and each.must]
        bodies = (self._around(node, value) for value in [*at_bound, *self._nearest(node, keyword)])
        found = list(islice((each for each in bodies if each is not None), _MOST))
        if not found:
            raise NoSuchBodies(f"{rule}: it has no values next to a violation")
        return _one_of(found)

    @cached_property
    def _plan(self) -> Plan:
        return Plan(self.catalogue)

    @cached_property
    def _builder(self) -> Builder:
        return Builder(self._plan.oracle)

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        """Return the place that each rule of the body is about."""
        return dict(_placed(self._plan.oracle.root))

    def _known(self, rule: str) -> None:
        if rule not in self.catalogue.rules:
            raise NoSuchBodies(f"{rule}: there is no such rule; `catalogue.rules` has them all")
        if not rule.startswith("body."):
            raise NoSuchBodies(f"{rule}: the rule is not about the body of a request")

    def _node(self, rule: str) -> Node:
        self._known(rule)
        node = self._nodes.get(rule)
        if node is None or is_hazard(self._plan.oracle.root, node):
            raise NoSuchBodies(f"{rule}: the rule is about no member of every body, or about one that must not be sent")
        return node

    def _accepted(self, node: Node) -> Sequence[Value]:
        return () if node.is_object or node.each is not None else accepted(node)

    def _planned(self, rule: str, node: Node) -> list[Json]:
        """Return valid bodies with the values that are planned for the place, those of the rule first."""
        keyword = rule.rpartition(".")[2]
        own = sorted((each for each in self._accepted(node) if each.must), key=lambda each: each.keyword != keyword)
        whole = [] if own else self._plan.maker.packs(node)
        values_to_try = [*(each.value for each in own), *(each.value for each in whole)]
        bodies = (self._around(node, value) for value in values_to_try)
        return list(islice((each for each in bodies if each is not None), _MOST))

    def _nearest(self, node: Node, keyword: str) -> Iterator[Json]:
        is_between_members = any(each.keyword == keyword for each in (*node.named, *node.constraints))
        if (node.is_object or node.each is not None) and is_between_members:
            yield from nearest(self._plan.maker.builder(node), node)

    def _around(self, node: Node, value: Json) -> Json | None:
        """Return a small valid body with the value at the place; None where there is none."""
        built = self._builder.around(node, value)
        return None if built is None or not self._plan.oracle.is_valid(built[0]) else built[0]

    def _of_branch(self, rule: str) -> list[Violation]:
        """Return the violations of a rule that one branch of the body adds."""
        return (
            self._plan.violations.get(rule, []) if any(rule in each.names.values() for each in self.catalogue.branches) else []
        )


def _placed(root: Node) -> Iterator[tuple[str, Node]]:
    for node in root.walk():
        for each in (*node.constraints, *node.named):
            yield rule_id("body", node.path, each.keyword), node
        for name in node.required:
            if name in node.properties:
                child = node.properties[name]
                yield rule_id("body", child.path, "required"), child


def _is_some(body: Json | None) -> bool:
    return body is not None


def _one_of(bodies: Sequence[Json]) -> SearchStrategy[Json]:
    """Return a strategy for one of the bodies by index, since Hypothesis cannot hash them."""
    return st.sampled_from(range(len(bodies))).map(bodies.__getitem__)
