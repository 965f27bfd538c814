"""Building bodies: a value carried to its place by the least that a valid body needs around it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeAlias

from openapi.json_types import Json, Path
from openapi.schema.extensions import naming_pointers
from openapi.schema.instances import mentioned
from openapi.schema.nodes import EACH, Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, with_value
from strategies.bodies.referred_names import distinct, referring, renamed, unreferring
from strategies.values.leniency import NEEDS
from strategies.values.minimal import KEY, elements, filled, legal_keys, simplest

Violated: TypeAlias = dict[str, list[Path]]  # rule ids with the paths where they are broken
_ROUNDS = 24


@dataclass(frozen=True)
class Builder:
    """Builds bodies that the oracle finds valid, or broken in just the way that was asked for."""

    oracle: Oracle

    def around(self, node: Node, value: Json, allowed: frozenset[str] = frozenset()) -> tuple[Json, Path] | None:
        """A minimal body with `value` at the place of `node`, and the path to it; None if none can be built."""
        body, path = carried_to(node, self.oracle.root, value)
        completed = self.complete(body, path, allowed)
        return None if completed is None else (completed, path)

    def complete(self, body: Json, keep: Path = (), allowed: frozenset[str] = frozenset()) -> Json | None:
        """The body with what it lacks; nothing at or below `keep` is touched. None if it breaks a rule all the same.

        Rules in `allowed` may stay broken.
        """
        violated = self.oracle.violated(body)
        for _ in range(_ROUNDS):
            filled = self._with_required(body, violated, keep, allowed)
            if filled is not body:
                body, violated = filled, self.oracle.violated(filled)
                continue
            left = [(rule, paths[0]) for rule, paths in violated.items() if rule not in allowed]
            # What is referred to may be the very member that something else asks for.
            invalid = next((each for each in left if each[0].endswith(_REFERRING)), left[0] if left else None)
            if invalid is None:
                return body
            repaired = self._repair(body, violated, *invalid, keep)
            if repaired is None:
                return None
            body, violated = repaired
        return None

    def _with_required(self, body: Json, violated: Violated, keep: Path, allowed: frozenset[str]) -> Json:
        """The body with the members that are required, all at once: what is wrong besides is looked at one by one."""
        for rule in [each for each in violated if each.endswith(".required") and each not in allowed]:
            name = rule.split(".")[-2]
            for path in violated[rule]:
                node, target = self.oracle.root.at(path), at(body, path)
                child = node.properties.get(name) if node is not None and not (keep and path[: len(keep)] == keep) else None
                if child is not None and isinstance(target, dict) and name not in target and not child.get("x-hazard"):
                    body = with_value(body, (*path, name), simplest(child))
        return body

    def _repair(self, body: Json, violated: Violated, rule: str, path: Path, keep: Path) -> tuple[Json, Violated] | None:
        """The body with one thing more, so that it no longer breaks the rule there, and what it breaks then."""
        if keep and path[: len(keep)] == keep:
            return None
        fallback = None
        for candidate in self._repairs(body, rule, path):
            after = self.oracle.violated(candidate)
            if path in after.get(rule, []):
                continue
            if set(after) <= set(violated):
                return candidate, after
            fallback = fallback or (candidate, after)  # what it lacks in turn is repaired next
        return fallback

    def _repairs(self, body: Json, rule: str, path: Path) -> Iterator[Json]:
        node, target = self.oracle.root.at(path), at(body, path)
        if node is not None and isinstance(target, list) and node.get(_UNIQUE):
            yield with_value(body, path, renamed(target, naming_pointers(node.get)))
        if node is None or not isinstance(target, dict):
            return
        helpful = _helpful(node, rule)
        missing = [name for name in node.properties if name not in target and not node.properties[name].get("x-hazard")]
        missing = [name for name in missing if helpful is None or name in helpful]
        for name in sorted(missing, key=lambda each: not is_sure(node.properties[each])):
            yield with_value(body, (*path, name), simplest(node.properties[name]))
        covers = node.get("x-covers")
        if covers:
            yield _covering(body, path, covers)
        if rule.endswith(_REFERRING):
            yield from (with_value(body, path, each) for each in referring(node, target))
        elif rule.endswith(_DISTINCT):
            yield with_value(body, path, distinct(node, target))

    def unreferring(self, body: Json) -> Json | None:
        """The body without the names that refer to nothing; None if that is not all that is wrong with it."""
        for _ in range(_ROUNDS):
            violated = self.oracle.violated(body)
            if not violated or not all(rule.endswith(_REFERRING) for rule in violated):
                return None if violated else body
            path = next(iter(violated.values()))[0]
            node = self.oracle.root.at(path)
            body = body if node is None else with_value(body, path, unreferring(node, at(body, path)))
        return None

    def related(self, value: Json, *, may_rename: bool = False) -> Json | None:
        """The value with what its names refer to, and with other names where that is allowed; None if more is wrong with it."""
        parts = self.oracle.parts
        if parts is not None and isinstance(value, dict) and not parts.go_together(value):
            return None  # which is quickly seen, and mended by no names
        violated = self.oracle.violated(value)
        if not violated:
            return value
        repaired = (_REFERRING, _DISTINCT, _UNIQUE) if may_rename else (_REFERRING,)
        return self.complete(value) if all(rule.endswith(repaired) for rule in violated) else None


def _helpful(node: Node, rule: str) -> frozenset[str] | None:
    """The members that may mend a rule by being there; None where any may."""
    front, _, keyword = rule.rpartition(".")
    if keyword == "required":
        return frozenset({front.rpartition(".")[2]})
    if keyword in _MENDED_BY_NONE:
        return frozenset()
    fragments = [each.value for each in node.named if each.keyword == keyword]
    fragments += [{keyword: each.value} for each in node.constraints if each.keyword == keyword]
    names = frozenset[str]().union(*map(mentioned, fragments))
    return names or None


_REFERRING, _DISTINCT, _UNIQUE = "x-refers", "x-distinct", "x-unique-by"
_MENDED_BY_NONE = frozenset(
    "type enum const pattern format maxProperties propertyNames additionalProperties x-distinct x-unique-by x-refers".split()
)


def is_sure(node: Node) -> bool:
    """Whether a server is bound to accept some value of the field."""
    known = node.get("x-known-values")
    return (known is None or bool(known)) and node.get(NEEDS) is None


def _covering(body: Json, path: Path, covers: dict[str, str]) -> Json:
    """The body with a key for each name that `x-covers` asks for."""
    body = copy.deepcopy(body)
    target = at(body, path)
    names: Json = target
    for step in covers["names"].split("/")[1:]:
        names = names.get(step, {}) if isinstance(names, dict) else {}
    keys = target
    for step in covers["keys"].split("/")[1:]:
        keys = keys.setdefault(step, {})
    # What is given for a name may be false, zero or empty, and is given all the same.
    for name, value in zip(names if isinstance(names, list) else (), cycle(_GIVEN), strict=False):
        keys.setdefault(name, value)
    return body


_GIVEN: tuple[Json, ...] = ("text", False, 0, "")


def carried_to(node: Node, root: Node, value: Json) -> tuple[Json, Path]:
    """`value` carried to the place of `node`, in lists and maps as large as they have to be."""
    above = [root]
    for step in node.place:
        here = above[-1]
        above.append(here.properties.get(step) or here.each or here)
    path: list[str | int] = []
    for step, holder in zip(reversed(node.place), reversed(above[:-1]), strict=True):
        name, value = _held(holder, step, value)
        path.append(name)
    return value, tuple(reversed(path))


def _held(holder: Node, step: str, value: Json) -> tuple[str | int, Json]:
    """The value as a member or element of `holder`, and its key or index there."""
    if step != EACH or step in holder.properties:
        return step, {step: value}
    if holder.is_array or "object" not in holder.types:
        others = elements(holder, holder.get("minItems", 0))
        return 0, [value, *(others if holder.get("contains") is not None else others[1:])]
    key = next(iter(legal_keys(holder)), KEY)
    return key, {**filled(holder, {key: value}), key: value}


def with_members(oracle: Oracle, value: Json, members: Sequence[tuple[str, Json]]) -> Json:
    """The object with as many more members as can stand together, earlier ones first; tried by halves, since most can."""
    both = {**value, **dict(members)}
    if not members or oracle.is_valid(both):
        return both
    middle = len(members) // 2
    return with_members(oracle, with_members(oracle, value, members[:middle]), members[middle:]) if middle else value
