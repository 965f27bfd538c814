"""Defaults: a field that was not sent comes back with its documented default."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.checks.echo import MISSING, Echo
from conformance.checks.finding import Finding, shown, where
from conformance.checks.tolerances import compiled
from openapi.catalogue import default_of, echoed
from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import rule_id


@dataclass(frozen=True)
class Default:
    """A documented default. `node` is the field of the request where there is one, else of the response."""

    rule: str
    node: Node
    value: Json
    in_body: bool


@dataclass
class Defaults:
    """All documented defaults of the contract, and how they are judged."""

    echo: Echo
    defaults: list[Default] = field(default_factory=list)

    def __post_init__(self) -> None:
        pairs = {node.path: (node, other) for node, other in echoed(self.echo.body, self.echo.response)}
        for path, (node, other) in pairs.items():
            found = default_of(node) or default_of(other)
            if found and "*" not in node.place:
                self.defaults.append(Default(rule_id("body", path, "default"), node, found[0], in_body=True))
        for node in self.echo.response.walk():
            found = default_of(node)
            if found and node.path not in pairs and "*" not in node.place:
                self.defaults.append(Default(rule_id("response", node.path, "default"), node, found[0], in_body=False))

    def check(self, sent: Json, got: Json, held: set[tuple[str, str]]) -> list[Finding]:
        """Return the findings for a body and its response; `held` gains the rules that hold."""
        optional = [each for each in self.defaults if self._is_left_open(each, sent)]
        fills_in_none = self.echo.tolerances.defaults_may_be_absent and not any(each.node.place[0] in got for each in optional)
        left_out = {each.rule for each in optional} if fills_in_none else ()
        judged = [each for each in self.defaults if each.rule not in left_out]
        return [finding for each in judged if (finding := self._one(each, sent, got, held))]

    def _is_left_open(self, default: Default, sent: Json) -> bool:
        """Return whether a response may leave the member out:
        it is a top-level one that was not sent, and no response requires it.
        """
        place = default.node.place
        if len(place) > 1 or place[0] in self.echo.response.required:
            return False
        return not default.in_body or self._is_unset(default.node, value_at(sent, place))

    def _one(self, default: Default, sent: Json, got: Json, held: set[tuple[str, str]]) -> Finding | None:
        if default.in_body and not self._is_unset(default.node, value_at(sent, default.node.place)):
            return None
        shown_value = value_at(got, default.node.place)
        nested = len(default.node.place) > 1
        if nested and (shown_value is MISSING or shown_value is None):
            return None  # unset nested fields are left out
        if shown_value is not MISSING and self.echo.same(default.node, default.value, shown_value):
            held.add((default.rule, "default"))
            return None
        name = where(default.node.place)
        actual = f"{name} is not in the response" if shown_value is MISSING else f"{name} is {shown(shown_value)}"
        return Finding(default.rule, "default", f"{name} is {shown(default.value)}, its default", actual, default.node.place)

    def _is_unset(self, node: Node, value: Json) -> bool:
        if value is MISSING:
            return True
        entry = self.echo.kinds(node).get("unset-member")
        if entry is None or node.get("enum") is None or not isinstance(value, str):
            return False
        return compiled(entry, "members").search(value) is not None


def value_at(value: Json, place: tuple[str, ...]) -> Json:
    """Return the value at a place without lists; MISSING where there is none."""
    for step in place:
        if not isinstance(value, dict) or step not in value:
            return MISSING
        value = value[step]
    return value
