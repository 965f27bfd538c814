"""The rules of its schema that a response bears on: those of each place that it has, and of each branch that it means."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from openapi.json_types import Json
from openapi.schema.branches import COMBINING, Branch, Choice, Choices
from openapi.schema.instances import described, places
from openapi.schema.nodes import Node
from openapi.schema.oracle import rule_id

Held = set[tuple[str, str]]


@dataclass(frozen=True)
class MetRules:
    """The rules among `known` of the response that `root` describes, each with its side."""

    root: Node
    known: Collection[str]

    def of(self, response: Json) -> Held:
        """Return the rules that a response bears on."""
        found = set[tuple[str, str]]().union(*(self._at.get(place, ()) for place in places(response, self.root)))
        for choice, branch, value in self._meant(response):
            inside = self._in_branches[choice.place, choice.name(branch)]
            found = found.union(*(inside.get(place, ()) for place in places(value, branch.node)))
        return found

    @cached_property
    def _choices(self) -> Choices:
        return Choices(self.root)

    def _meant(self, response: Json) -> Iterator[tuple[Choice, Branch, Json]]:
        if not self._choices.all:
            return
        for node, value in described(response, self.root):
            pairs = (self._choices.meant(node.path, keyword, value) for keyword in COMBINING)
            yield from ((*pair, value) for pair in pairs if pair is not None)

    @cached_property
    def _at(self) -> dict[str, Held]:
        return self._by_place(self.root, "response")

    @cached_property
    def _in_branches(self) -> dict[tuple[str, str], dict[str, Held]]:
        return {
            (choice.place, name): self._by_place(branch.node, rule_id("response", choice.place, name))
            for choice, branch in self._choices.named
            for name in [choice.name(branch)]
        }

    def _by_place(self, root: Node, prefix: str) -> dict[str, Held]:
        found: dict[str, Held] = {}
        for node in root.walk():
            keywords = {"required", *(each.keyword for each in (*node.constraints, *node.named))} - {"default"}
            rules = {rule_id(prefix, node.path, keyword) for keyword in keywords}
            found.setdefault(node.path, set()).update((rule, "shape") for rule in rules if rule in self.known)
        return found
