"""Branches of `oneOf` and `anyOf` as places of their own: which one a value means, and the schema with that branch alone.

A validator only says that no branch fits. A member that distinguishes the branches shows which one was meant. So may the type,
or the members that a branch requires:

    oneOf: [{kind: circle, radius: number}, {kind: square, side: number}]
    {"kind": "circle", "radius": "x"}   means `circle`, and violates its rule about radius
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openapi.json_types import Json, Schema, tokens, unescape
from openapi.schema.nodes import Constraint, Node, Part, subtree, type_of

COMBINING = ("oneOf", "anyOf")
_MOST_NAMED = 24
_UNUSABLE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, eq=False)
class Branch:
    """One branch: `label` names it, `schema` is its own, `value` that of the member that distinguishes the branches."""

    label: str
    schema: Schema
    node: Node
    value: Json = None


@dataclass(frozen=True, eq=False)
class Choice:
    """A `oneOf` or `anyOf` with branches that describe members: at `place`, by `keyword`, stated at `pointer` in the schema.

    `member` is the property whose value distinguishes the branches, None if none does.
    """

    place: str
    keyword: str
    pointer: str
    branches: tuple[Branch, ...]
    member: str | None

    def meant(self, value: Json) -> Branch | None:
        """Return the branch that a value means; None if that cannot be said."""
        if self.member is not None:
            if not isinstance(value, dict) or self.member not in value:
                return None
            return _only(each for each in self.branches if each.value == value[self.member])
        of_type = [each for each in self.branches if value is not None and type_of(value) in each.node.types]
        if len(of_type) == 1:
            return of_type[0]
        needs = [each for each in of_type if each.node.required]
        if isinstance(value, dict) and len(needs) == len(of_type):
            return _only(each for each in needs if each.node.required <= value.keys())
        return None

    def name(self, branch: Branch) -> str:
        """Return the keyword of the ids of a branch's rules, such as `oneOf:circle`."""
        return f"{self.keyword}:{branch.label}"

    def alone(self, root: Schema, branch: Branch) -> Schema:
        """Return a schema in which one branch takes the place of all of them."""
        *above, keyword = tokens(self.pointer)
        fixed = [{"properties": {self.member: {"const": branch.value}}, "required": [self.member]}] if self.member else []

        def rewritten(here: Json, steps: list[str]) -> Json:
            if steps and isinstance(here, list):
                return [rewritten(each, steps[1:]) if str(at) == steps[0] else each for at, each in enumerate(here)]
            if steps:
                return {**here, steps[0]: rewritten(here[steps[0]], steps[1:])}
            rest = {key: each for key, each in here.items() if key not in (keyword, "discriminator")}
            return {**rest, "allOf": [*here.get("allOf", ()), branch.schema, *fixed]}

        found: Schema = rewritten(root, above)
        return found


def _only(found: Iterator[Branch]) -> Branch | None:
    branches = list(found)
    return branches[0] if len(branches) == 1 else None


@dataclass(frozen=True)
class Choices:
    """The choices in a tree, by place and keyword."""

    root: Node
    found: dict[tuple[str, str], Choice] = field(default_factory=dict)

    @cached_property
    def all(self) -> Mapping[tuple[str, str], Choice]:
        """Return the choices, in document order."""
        for node in self.root.walk():
            for constraint in node.constraints:
                choice = _choice(node, constraint) if constraint.keyword in COMBINING else None
                if choice is not None:
                    self.found.setdefault((choice.place, choice.keyword), choice)
        return self.found

    @cached_property
    def named(self) -> tuple[tuple[Choice, Branch], ...]:
        """Return the branches that have rules of their own, in document order."""
        return self._pairs[:_MOST_NAMED]

    @property
    def unnamed(self) -> tuple[tuple[Choice, Branch], ...]:
        """Return the branches that have none, since there are too many."""
        return self._pairs[_MOST_NAMED:]

    @cached_property
    def _pairs(self) -> tuple[tuple[Choice, Branch], ...]:
        return tuple((choice, branch) for choice in self.all.values() for branch in choice.branches)

    def meant(self, place: str, keyword: str, value: Json) -> tuple[Choice, Branch] | None:
        """Return the choice of a keyword at a place, with the branch that a value means; None where that has no rules."""
        choice = self.all.get((place, keyword))
        branch = None if choice is None else choice.meant(value)
        return next((pair for pair in self.named if pair[1] is branch), None)


def _choice(node: Node, constraint: Constraint) -> Choice | None:
    """Return the choice of a keyword; None where its branches describe nothing that a rule could be about."""
    schemas = [each for each in constraint.value if isinstance(each, dict)]
    nodes = [subtree(node.root, Part(each, f"{constraint.pointer}/{index}", "")) for index, each in enumerate(schemas)]
    known = [(schema, each) for schema, each in zip(schemas, nodes, strict=True) if each is not None]
    if len(known) < 2 or len(known) < len(constraint.value) or not any(_describes(each) for _, each in known):
        return None
    names = [_name_of(schema) for schema, _ in known]
    member, values = _distinguishing(node, names, [each for _, each in known])
    labels = _labels([name if value is None else str(value) for name, value in zip(names, values, strict=True)])
    branches = tuple(
        Branch(label, schema, each, value) for label, (schema, each), value in zip(labels, known, values, strict=True)
    )
    return Choice(node.path, constraint.keyword, constraint.pointer, branches, member)


def _describes(node: Node) -> bool:
    """Return whether a branch says more than which members must be there."""
    return bool(node.properties) or node.each is not None or any(each.keyword in _BOUNDS for each in node.constraints)


_BOUNDS = frozenset(
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format minItems maxItems".split()
)


def _distinguishing(node: Node, names: list[str], nodes: list[Node]) -> tuple[str | None, list[Json]]:
    """Return the member that distinguishes branches, with its value in each: the stated one, else one with constants."""
    stated = node.get("discriminator")
    if isinstance(stated, dict) and isinstance(stated.get("propertyName"), str):
        member = stated["propertyName"]
        mapping = {str(target).rsplit("/", 1)[-1]: value for value, target in (stated.get("mapping") or {}).items()}
        values = [_constant(each, member) for each in nodes]
        values = [mapping.get(name, name) if value is None else value for name, value in zip(names, values, strict=True)]
        return (member, values) if _differ(values) else (None, [None] * len(nodes))
    for member in nodes[0].properties:
        values = [_constant(each, member) for each in nodes]
        if None not in values and _differ(values):
            return member, values
    return None, [None] * len(nodes)


def _constant(node: Node, member: str) -> Json:
    """Return the only value of a member in a branch; None if it may have several."""
    child = node.properties.get(member)
    values = [] if child is None else [child.get("const"), *(child.get("enum") or ())]
    found = [value for value in values if value is not None]
    return found[0] if len(found) == 1 else None


def _differ(values: list[Json]) -> bool:
    return len({repr(value) for value in values}) == len(values)


def _name_of(schema: Schema) -> str:
    """Return the name of the schema that a branch refers to, or its title; empty without one."""
    inner: Json = next(iter(schema.get("allOf", ())), {})
    reference = schema.get("$ref") or (inner.get("$ref") if isinstance(inner, dict) else None)
    return unescape(reference.rsplit("/", 1)[-1]) if reference else str(schema.get("title") or "")


def _labels(names: list[str]) -> list[str]:
    """Return labels for ids: the names where they differ, else numbers."""
    usable = [_UNUSABLE.sub("-", name).strip("-") for name in names]
    return [name if name and usable.count(name) == 1 else str(number) for number, name in enumerate(usable, 1)]
