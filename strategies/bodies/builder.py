"""Build bodies: a value carried to its place with the least that a valid body needs around it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeAlias

from openapi.json_types import Json, Path
from openapi.schema.extensions import naming_pointers
from openapi.schema.instances import mentioned
from openapi.schema.nodes import EACH, Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, merged, with_value
from strategies.bodies.referred_names import distinct, referring, renamed, unreferring
from strategies.values.fragments import satisfying
from strategies.values.leniency import NEEDS
from strategies.values.minimal import KEY, elements, filled, legal_keys, simplest

Violated: TypeAlias = dict[str, list[Path]]  # rule ids with the paths where they are violated
_ROUNDS = 24


@dataclass(frozen=True)
class Builder:
    """A builder of bodies that the oracle finds valid, or violated in just the requested way."""

    oracle: Oracle

    def around(self, node: Node, value: Json, allowed: frozenset[str] = frozenset()) -> tuple[Json, Path] | None:
        """Return a minimal body with `value` at the place of `node`, and the path to it; None if there is none."""
        body, path = carried_to(node, self.oracle.root, value)
        completed = self.complete(body, path, allowed)
        return None if completed is None else (completed, path)

    def complete(self, body: Json, keep: Path = (), allowed: frozenset[str] = frozenset()) -> Json | None:
        """Return the body with its missing parts; `keep` and everything below it stay. None if it stays invalid.

        Rules in `allowed` may stay violated.
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
        """Return the body with all required members at once; other violations are repaired one by one afterwards."""
        for rule in [each for each in violated if each.endswith(".required") and each not in allowed]:
            name = rule.split(".")[-2]
            for path in violated[rule]:
                node, target = self.oracle.root.at(path), at(body, path)
                if node is None or (keep and path[: len(keep)] == keep) or not isinstance(target, dict) or name in target:
                    continue
                child = node.properties.get(name) or node.each
                if child is None or not child.get("x-hazard"):
                    body = with_value(body, (*path, name), "text" if child is None else simplest(child))
        return body

    def _repair(self, body: Json, violated: Violated, rule: str, path: Path, keep: Path) -> tuple[Json, Violated] | None:
        """Return the body with one addition that satisfies the rule there, and the violations that remain."""
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
        yield from self._with_missing(body, path, node, rule)
        covers = node.get("x-covers")
        if covers:
            yield _covering(body, path, covers)
        if rule.endswith(_REFERRING):
            yield from (with_value(body, path, each) for each in referring(node, target))
        elif rule.endswith(_DISTINCT):
            yield with_value(body, path, distinct(node, target))
        yield from (with_value(body, path, merged(target, each)) for each in _conditional(node, rule))

    def _with_missing(self, body: Json, path: Path, node: Node, rule: str) -> Iterator[Json]:
        """Yield the body with one more member at the path that may help the rule, the most certain first."""
        target, helpful = at(body, path), _helpful(node, rule)
        missing = [name for name in node.properties if name not in target and not node.properties[name].get("x-hazard")]
        missing = [name for name in missing if helpful is None or name in helpful]
        for name in sorted(missing, key=lambda each: _uncertainty(node.properties[each])):
            yield with_value(body, (*path, name), simplest(node.properties[name]))

    def unreferring(self, body: Json) -> Json | None:
        """Return the body without names that refer to nothing; None if more than that is violated."""
        for _ in range(_ROUNDS):
            violated = self.oracle.violated(body)
            if not violated or not all(rule.endswith(_REFERRING) for rule in violated):
                return None if violated else body
            path = next(iter(violated.values()))[0]
            node = self.oracle.root.at(path)
            body = body if node is None else with_value(body, path, unreferring(node, at(body, path)))
        return None

    def related(self, value: Json, *, may_rename: bool = False) -> Json | None:
        """Return the value with the targets of its names, and renamed where allowed; None if more is violated."""
        parts = self.oracle.parts
        if parts is not None and isinstance(value, dict) and not parts.go_together(value):
            return None  # which is quickly seen, and no names repair it
        violated = self.oracle.violated(value)
        if not violated:
            return value
        repaired = (_REFERRING, _DISTINCT, _UNIQUE) if may_rename else (_REFERRING,)
        return self.complete(value) if all(rule.endswith(repaired) for rule in violated) else None


def _helpful(node: Node, rule: str) -> frozenset[str] | None:
    """Return the members whose presence may satisfy a rule; None where any may."""
    front, _, keyword = rule.rpartition(".")
    if keyword == "required":
        return frozenset({front.rpartition(".")[2]})
    if keyword in _REPAIRED_BY_NONE:
        return frozenset()
    fragments = [each.value for each in node.named if each.keyword == keyword]
    said = (keyword, *_DEMANDING.get(keyword, ()))
    fragments += [{each.keyword: each.value} for each in node.constraints if each.keyword in said]
    names = frozenset[str]().union(*map(mentioned, fragments))
    return names or None


def _conditional(node: Node, rule: str) -> Iterator[dict[str, Json]]:
    """Yield the members that a condition or branch asks for, which may be no properties of the object itself."""
    for keyword in _INSIDE.get(rule.rpartition(".")[2], ()):
        for part in node.parts:
            stated = part.schema.get(keyword)
            held = list(stated.values()) if keyword == "dependentSchemas" and stated else stated
            for schema in held if isinstance(held, list) else [held]:
                yield from (each for each in satisfying(schema, node) if isinstance(each, dict))


_INSIDE = {"if": ("then", "else"), **{each: (each,) for each in ("dependentSchemas", "oneOf", "anyOf")}}
_DEMANDING = {"if": ("then", "else")}  # keywords beside a keyword that say what it asks for
_REFERRING, _DISTINCT, _UNIQUE = "x-refers", "x-distinct", "x-unique-by"
_REPAIRED_BY_NONE = frozenset(
    "type enum const pattern format maxProperties propertyNames additionalProperties x-distinct x-unique-by x-refers".split()
)


def is_sure(node: Node) -> bool:
    """Return whether a server must accept some value of the field."""
    known = node.get("x-known-values")
    return (known is None or bool(known)) and node.get(NEEDS) is None


def _uncertainty(node: Node) -> int:
    """Return how uncertain it is that a server accepts the field: 0 it must, 1 it does where it has what is needed, 2 else."""
    return 0 if is_sure(node) else 1 if node.get("x-known-values") != [] else 2


def _covering(body: Json, path: Path, covers: dict[str, str]) -> Json:
    """Return the body with a key for each name that `x-covers` demands."""
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
    """Return `value` carried to the place of `node`, in arrays and maps of the required size, and its path."""
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
    """Return the key or index of the value in `holder`, and the value as it stands there."""
    if step != EACH or step in holder.properties:
        return step, {step: value}
    if holder.is_array or "object" not in holder.types:
        others = elements(holder, holder.get("minItems", 0))
        return 0, [value, *(others if holder.get("contains") is not None else others[1:])]
    key = next(iter(legal_keys(holder)), KEY)
    return key, {**filled(holder, {key: value}), key: value}


def with_members(oracle: Oracle, value: Json, members: Sequence[tuple[str, Json]]) -> Json:
    """Return the object with as many more members as fit, earlier ones first.

    Members are added by bisection, since most fit together: all at once, else half by half.
    """
    both = {**value, **dict(members)}
    if not members or oracle.is_valid(both):
        return both
    middle = len(members) // 2
    return with_members(oracle, with_members(oracle, value, members[:middle]), members[middle:]) if middle else value


def sendable_members(oracle: Oracle, fits: Callable[[Node], bool], at_most: int) -> list[str]:
    """Return the names of the first members that fit and may be sent."""
    names = [name for name, node in oracle.root.properties.items() if fits(node) and not node.get("x-hazard")]
    return names[:at_most]
