"""Hypothesis strategies for whole bodies: mostly planned, drawn in few places, so they are cheap and shrink well.

A body is a rich one from the corpus with two known values and one drawn value applied to it. Hypothesis pays
for each choice, so the rest costs nothing. Shrinking leads to the empty body with one simple value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.paths import merged, with_value
from strategies.fuzzing.field_strategies import is_wide, values
from strategies.negative.violations import Violation, is_hazard, violates_only
from strategies.plan.plan import Plan

T = TypeVar("T")
BATCH = 4  # bodies around one drawn value
PLANNED_BATCH = 16  # violations, of which nothing is drawn but which they are


@dataclass(frozen=True)
class Bodies:
    """Strategies for the bodies of a plan, compiled once."""

    plan: Plan

    @cached_property
    def fields(self) -> list[tuple[Node, SearchStrategy[Json]]]:
        """Return every field without members of its own, with a strategy for its values."""
        root, places = self.plan.oracle.root, self.plan.corpus.places
        nodes = [node for node in root.walk() if node.place and not is_hazard(root, node)]
        leaves = [node for node in nodes if not node.is_object and node.each is None and not node.is_empty_object]
        return [(node, found) for node in leaves if node.path in places and (found := values(node)) is not None]

    def valid(self) -> SearchStrategy[Json]:
        """Return a strategy for bodies that violate no rule."""
        known = self._known
        return st.builds(
            self._applied, _one_of(self.plan.corpus.rich_bodies), _one_of(known[::2]), _one_of(known[::3]), self._drawn
        )

    def valid_batches(self) -> SearchStrategy[list[Json]]:
        """Return a strategy for several valid bodies around one drawn value: drawing is the expensive part."""
        known, rich_bodies = self._known, self.plan.corpus.rich_bodies
        planned = (rich_bodies, known[::2], known[::3])
        return st.builds(
            lambda drawn, *indices: [self._applied(*members, drawn) for members in _spread(planned, indices, BATCH)],
            self._drawn,
            *(st.sampled_from(range(len(each))) for each in planned),
        )

    @property
    def _known(self) -> list[Json]:
        return [{}, *self.plan.corpus.known]

    @cached_property
    def _drawn(self) -> SearchStrategy[Json]:
        """Return a strategy for minimal bodies around a drawn value, of fields that have many values."""
        wide = [self._around(*field) for field in self.fields if is_wide(field[0])] or [self._around(*f) for f in self.fields]
        return _one_of([st.just({}), *wide]).flatmap(lambda strategy: strategy)

    def _around(self, node: Node, drawn: SearchStrategy[Json]) -> SearchStrategy[Json]:
        alone, path = self.plan.corpus.places[node.path]
        return drawn.map(lambda value: with_value(alone, path, value))

    def _applied(self, base: Json, *overlays: Json) -> Json:
        """Return the base with one body after another applied to it, as deep as the oracle agrees."""
        body = base
        for own in filter(None, overlays):
            body = next((each for each in _together(body, own) if self._is_valid(each)), body)
        return body

    def _is_valid(self, body: Json) -> bool:
        """Return whether the oracle accepts the body; members taken unchanged from the corpus need no check."""
        parts, known = self.plan.oracle.parts, self._members_of_corpus
        if parts is None or not isinstance(body, dict):
            return self.plan.oracle.is_valid(body)
        for name, member in body.items():
            is_valid = parts.member(name)
            if is_valid is not None and id(member) not in known[name] and not is_valid(member):
                return False
        return parts.go_together(body)

    @cached_property
    def _members_of_corpus(self) -> dict[str, set[int]]:
        """Return the members of the corpus by name and identity; the corpus lives as long as this object."""
        found = defaultdict[str, set[int]](set)
        for body in (*self.plan.corpus.rich_bodies, *self.plan.corpus.known):
            for name, member in body.items():
                found[name].add(id(member))
        return found

    def invalid_batches(self) -> SearchStrategy[list[Violation]]:
        """Return a strategy for several violations, each applied to a valid body in which it stays the only one."""
        planned = (self._violations, self.plan.corpus.rich_bodies, self._known[::3])
        return st.builds(
            lambda *indices: [self._violated(*members) for members in _spread(planned, indices, PLANNED_BATCH)],
            *(st.sampled_from(range(len(each))) for each in planned),
        )

    @cached_property
    def _violations(self) -> list[Violation]:
        return [each for found in self.plan.violations.values() for each in found]

    def _violated(self, violation: Violation, base: Json, own: Json) -> Violation:
        if not isinstance(violation.body, dict) or not isinstance(base, dict):
            return violation
        for body in chain([{**base, **own, **violation.body}], _alongside(base, violation.body)):
            if violates_only(self.plan.oracle, body, violation.rule):
                return Violation(violation.rule, body, violation.path, violation.label)
        return violation


def _together(body: Json, own: Json) -> Iterator[Json]:
    """Yield bodies with all of `own` and as much of `body` as fits, the richest first."""
    yield merged(body, own)
    yield from _alongside(body, own)
    yield own


def _alongside(body: Json, own: Json) -> Iterator[Json]:
    """Yield `own` with all other members of `body`, then without each of these, one of which may not fit."""
    yield {**body, **own}
    for name in body:
        yield {**{other: value for other, value in body.items() if other != name}, **own}


def _spread(lists: Sequence[Sequence[Any]], indices: Sequence[int], count: int) -> Iterator[tuple[Any, ...]]:
    """Yield `count` members of each array: one at its index, then others as far from it and each other as possible."""
    for number in range(count):
        yield tuple(each[(index + number * len(each) // count) % len(each)] for each, index in zip(lists, indices, strict=True))


def _one_of(members: Sequence[T]) -> SearchStrategy[T]:
    """Return a strategy for one of the members by index.

    Hypothesis moves choices between values that it cannot report apart. It cannot hash these members, but it
    distinguishes indices from different ranges.
    """
    return st.sampled_from(range(len(members))).map(members.__getitem__)
