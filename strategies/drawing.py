"""Hypothesis strategies for whole bodies: mostly planned, drawn in few places, so that they are cheap and still shrink well.

A body is a row of the plan (or the empty body) with a few fields laid over it, each with a drawn value. Hypothesis pays for
each choice it makes, so what is not drawn costs nothing; shrinking leads to the empty body with one simple value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.json_types import Json
from openapi.nodes import Node
from strategies.bodies import Builder, Path, merged, with_value
from strategies.plan import Plan
from strategies.texts import FORMAT_SAMPLES
from strategies.values import accepted, admits, after, before, bounds
from strategies.violations import Violation, is_hazard

_AT_MOST = 3  # fields drawn in one body, besides a wide one
_BASES, _BASE_SIZE = 120, 6_000
_SIMPLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
_JSON: SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | _SIMPLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_SIMPLE, inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Bodies:
    """Strategies for the bodies of a plan, compiled once."""

    plan: Plan

    @cached_property
    def _rows(self) -> list[Json]:
        rows = [row.value for row in self.plan.maker.rows(self.plan.oracle.root)]
        slim = [slimmed(row) for row in (*rows, *(case.body for case in self.plan.combinations(_BASES)))]
        fit = [row for row in slim if row and len(str(row)) < _BASE_SIZE and self.plan.oracle.obeys(row)]
        return [{}, *sorted(fit, key=lambda row: len(str(row)))]

    @cached_property
    def fields(self) -> list[tuple[Node, SearchStrategy[Json]]]:
        """Every field without members of its own, with a strategy for its values."""
        root = self.plan.oracle.root
        nodes = [node for node in root.walk() if node.place and not is_hazard(root, node)]
        leaves = [node for node in nodes if not node.is_message and node.each is None and not node.is_empty_message]
        return [(node, found) for node in leaves if (found := values(node)) is not None]

    @cached_property
    def _places(self) -> dict[str, tuple[Json, Path]]:
        """A minimal body around each field, and the path to it there."""
        builder = Builder(self.plan.oracle)
        found = {}
        for node, _ in self.fields:
            built = builder.around(node, accepted(node)[0].value)
            if built is not None:
                found[node.path] = built
        return found

    def valid(self) -> SearchStrategy[Json]:
        """Bodies that break no rule."""
        fields = [field for field in self.fields if field[0].path in self._places]
        wide = [field for field in fields if _is_wide(field[0])] or fields
        return st.builds(
            self._laid,
            st.sampled_from(self._rows),
            st.sampled_from(wide).flatmap(_with_value),
            st.lists(st.sampled_from(fields).flatmap(_with_value), max_size=_AT_MOST),
        )

    def _laid(self, base: Json, wide: tuple[Node, Json], drawn: list[tuple[Node, Json]]) -> Json:
        """The base with each drawn value laid over it where the oracle agrees, the wide one last of all."""
        body = base
        for node, value in (*drawn, wide):
            alone, path = self._places[node.path]
            own = with_value(alone, path, value)
            top = node.place[0]
            for candidate in (merged(body, own), {**body, top: own[top]}, own):
                if self.plan.oracle.obeys(candidate):
                    body = candidate
                    break
        return body

    def invalid(self) -> SearchStrategy[Violation]:
        """Violations of any rule, each laid over a valid body where it stays the only one."""
        known = [each for found in self.plan.violations.values() for each in found]
        return st.builds(self._broken, st.sampled_from(known), st.sampled_from(self._rows))

    def _broken(self, violation: Violation, base: Json) -> Violation:
        if not isinstance(violation.body, dict) or not isinstance(base, dict):
            return violation
        body = {**base, **violation.body}
        broken = self.plan.oracle.broken(body)
        stem = violation.rule.rsplit(".", 1)[0]
        if violation.rule in broken and all(rule.rsplit(".", 1)[0] == stem for rule in broken):
            return Violation(violation.rule, body, violation.path, violation.label)
        return violation


def _is_wide(node: Node) -> bool:
    """Whether a field has many values and is in nobody's way, so that drawing it makes a body distinct."""
    narrow = node.get("enum") is not None or node.get("pattern") is not None or node.get("x-known-values") is not None
    return (
        len(node.place) == 1 and not narrow and bool(node.types & {"string", "number", "object"}) and not node.is_empty_message
    )


def slimmed(value: Json) -> Json:
    """The value with its longest texts, lists and maps cut, to serve as a base that is cheap to check and send."""
    if isinstance(value, dict):
        return {key: slimmed(member) for key, member in list(value.items())[:30]}
    if isinstance(value, list):
        return [slimmed(element) for element in value[:4]]
    return value[:40] if isinstance(value, str) and len(value) > 400 else value


def _with_value(field: tuple[Node, SearchStrategy[Json]]) -> SearchStrategy[tuple[Node, Json]]:
    return field[1].map(lambda value: (field[0], value))


def values(node: Node) -> SearchStrategy[Json] | None:
    """Valid values of a field without members of its own; None if a server is bound to accept none."""
    known = node.get("x-known-values")
    if known is not None:
        return st.sampled_from(known) if known else None
    if node.get("enum") is not None:
        return st.sampled_from([each.value for each in accepted(node)])
    if node.is_free:
        return _JSON
    kinds = sorted(node.types)
    made = [strategy for kind in kinds if (strategy := _BY_TYPE[kind](node)) is not None]
    return st.one_of(made) if made else None


def _texts(node: Node) -> SearchStrategy[Json] | None:
    low, high = node.get("minLength", 0), node.get("maxLength")
    if node.get("pattern") is not None or node.get("format") in FORMAT_SAMPLES:
        sure = [each.value for each in accepted(node) if each.must]
        return st.sampled_from(sure) if sure else None
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff")
    drawn = st.text(alphabet, min_size=max(low, 1), max_size=min(high or 60, 60))
    texts = [each.value for each in accepted(node) if each.must and len(str(each.value)) < 400]
    return drawn | st.sampled_from(texts) if texts else drawn


def _integers(node: Node) -> SearchStrategy[Json] | None:
    low, high = bounds(node)
    return st.integers(max(int(low) if low is not None else 1, 1), int(high) if high is not None else 2**31 - 1)


def _numbers(node: Node) -> SearchStrategy[Json] | None:
    low, high = bounds(node)
    least = 0.0 if low is None else float(after(low) if _exclusive(node, "exclusiveMinimum") else low)
    most = 1.0 if high is None else float(before(high) if _exclusive(node, "exclusiveMaximum") else high)
    # Six decimals survive single precision; what lies between would only test rounding.
    return (
        st.floats(least, most)
        .map(lambda number: min(max(round(number, 6), least), most))
        .filter(lambda number: admits(node, number))
    )


def _exclusive(node: Node, keyword: str) -> bool:
    return node.get(keyword) is not None


def _objects(node: Node) -> SearchStrategy[Json] | None:
    if node.is_empty_message:
        return st.just({})
    return st.dictionaries(_SIMPLE.filter(bool), _JSON, max_size=4)


def _arrays(_node: Node) -> SearchStrategy[Json] | None:
    return st.lists(_JSON, max_size=4)


_BY_TYPE: dict[str, Callable[[Node], SearchStrategy[Json] | None]] = {
    "string": _texts,
    "integer": _integers,
    "number": _numbers,
    "boolean": lambda _node: st.booleans(),
    "object": _objects,
    "array": _arrays,
}
