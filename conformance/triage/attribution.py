"""Attribution: which rule a refused valid body is about, once it is as small as can be.

A body such as {"tools": [{"name": "x", "delay": "30s"}]} may be refused for a value, for a member or for members together. One
thing at a time is changed, and the server is asked again:

    without delay            accepted     the cause stands at tools.0.delay
    delay of another value   accepted     its value is the cause: the rule that 30s was chosen for, such as the maximum
    delay of another value   refused      the member is the cause, whatever its value: the rule about its type
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from openapi.json_types import Json, Path
from openapi.schema.instances import mentioned
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle, rule_id
from openapi.schema.paths import at, paths_in, with_value, without
from strategies.bodies.builder import Builder
from strategies.case import Case
from strategies.values.minimal import KEY, simplest
from strategies.values.valid import accepted

_KEYS = 6  # values of a refused body whose keys are suspected


@dataclass(frozen=True)
class RefusedField:
    """The rule that a refusal is about, and the paths of the values that matter."""

    rule: str
    paths: tuple[Path, ...]


@dataclass
class Attribution:
    """Finds offending fields of refused bodies."""

    oracle: Oracle

    def refused_field(self, case: Case, body: Json, refused: Callable[[Json], bool]) -> RefusedField:
        """Return the rule behind the refusal of a reduced `body`; `refused` asks the server about another one.

        The attempts go from the special to the general: fields that are refused only together, a key, a value, a field
        whatever its value is. Each compares with a body that differs in one thing: {"a": {"k": 300}} is refused and
        {"a": {"k": 1}} is not, so the value of a.k is the cause, and the rule that 300 was chosen for.
        """
        ends = list(_ends(body))
        found = self._joined(body, refused) or self._refused_together(body, refused)
        return found or self._some_key(body, ends, refused) or self._at_places(case, body, ends, refused)

    def _some_key(self, body: Json, ends: list[Path], refused: Callable[[Json], bool]) -> RefusedField | None:
        return next(filter(None, (self._refused_key(body, path, refused) for path in ends[:_KEYS])), None)

    def _at_places(self, case: Case, body: Json, ends: list[Path], refused: Callable[[Json], bool]) -> RefusedField:
        """Return the rule behind a refusal for what stands at one place: its value if another would do, else its type."""
        paths = [path for path in ends if not self._is_filler(body, path)] or [max(ends, key=len)[:-1]]
        special = self._mattering(body, paths[:6], refused)
        chosen = self._named_among(case, body, special)
        if chosen is not None:
            return chosen
        gone = [path for path in ends[:8] if path and self._is_spared(body, path, refused)]
        # What only fills may be refused as well, for its value.
        filling = self._mattering(body, [path for path in gone if path not in paths], refused)
        places = gone or self._around(body, ends, refused) or special or paths
        return self._named_among(case, body, filling) or self._of_type(places)

    def _mattering(self, body: Json, paths: list[Path], refused: Callable[[Json], bool]) -> list[Path]:
        return [path for path in paths if self._matters(body, path, refused)]

    def _named_among(self, case: Case, body: Json, paths: list[Path]) -> RefusedField | None:
        return self._named(case, body, paths) if paths else None

    def _around(self, body: Json, ends: list[Path], refused: Callable[[Json], bool]) -> list[Path]:
        """Return the deepest place around whose parts the body is accepted, where no part can be spared alone."""
        around = (self._spared_around(body, ends, refused), self._replaceable(body, refused))
        return sorted(chain.from_iterable(islice(each, 1) for each in around), key=len)[-1:]

    def _of_type(self, places: list[Path]) -> RefusedField:
        """Return the rule about the type of the deepest place: no ordinary value helps, so the field itself is refused."""
        return RefusedField(self._type_rule(max(places, key=len)), tuple(places))

    def _joined(self, body: Json, refused: Callable[[Json], bool]) -> RefusedField | None:
        """Return the rule about several fields together, where the body is accepted without any one of those it mentions."""
        for path, node in _messages(body, self.oracle.root):
            holder = at(body, path)
            for constraint in node.named:
                spoken_of = mentioned(constraint.value)
                fields = [(*path, name) for name in holder if name in spoken_of]
                if len(fields) > 1 and all(self._is_spared(body, field, refused) for field in fields):
                    return RefusedField(rule_id(self.oracle.prefix, node.path, constraint.keyword), tuple(fields))
        return None

    def _refused_together(self, body: Json, refused: Callable[[Json], bool]) -> RefusedField | None:
        """Return the rule about a map that is accepted with each member alone, but not with all of them."""
        for path in sorted(paths_in(body), key=len, reverse=True):
            node, members = self.oracle.root.at(path), at(body, path)
            if node is None or not node.is_map or not isinstance(members, dict) or not 1 < len(members) <= _KEYS:
                continue
            # What refers to a member that is left out refers to nothing then.
            singles = (with_value(body, path, {name: each}) for name, each in members.items())
            bodies = map(Builder(self.oracle).unreferring, singles)
            if all(each is not None and not refused(each) for each in bodies):
                return RefusedField(rule_id(self.oracle.prefix, node.path, "type"), (path,))
        return None

    def _refused_key(self, body: Json, path: Path, refused: Callable[[Json], bool]) -> RefusedField | None:
        """Return the rule about the keys of a map, where the same value is accepted under an ordinary key."""
        holder = self.oracle.root.at(path[:-1]) if path else None
        if holder is None or not holder.is_map or path[-1] == KEY:
            return None
        members = at(body, path[:-1])
        renamed = with_value(body, path[:-1], {KEY if name == path[-1] else name: each for name, each in members.items()})
        if not self.oracle.is_valid(renamed) or refused(renamed):
            return None
        keyword = "propertyNames" if holder.get("propertyNames") is not None else "type"
        return RefusedField(rule_id(self.oracle.prefix, holder.path, keyword), (path,))

    def _is_spared(self, body: Json, path: Path, refused: Callable[[Json], bool]) -> bool:
        """Return whether the body is accepted without the field, where only the field itself would be missing."""
        candidate = without(body, path)
        own = self.oracle.place(path)
        violated = self.oracle.violated(candidate)
        return all(rule == rule_id(self.oracle.prefix, own, "required") for rule in violated) and not refused(candidate)

    def _spared_around(self, body: Json, ends: list[Path], refused: Callable[[Json], bool]) -> Iterator[Path]:
        """Yield the objects and list without which the body is accepted, the innermost first."""
        for path in sorted(paths_in(body), key=len, reverse=True):
            if path and path not in ends and self._is_spared(body, path, refused):
                yield path

    def _replaceable(self, body: Json, refused: Callable[[Json], bool]) -> Iterator[Path]:
        """Yield the fields in whose place another could stand, with which the body is accepted:
        one of several that is refused.
        """
        for path in sorted(paths_in(body), key=len, reverse=True):
            if any(not refused(other) for other in self._with_another(body, path)):
                yield path

    def _with_another(self, body: Json, path: Path) -> Iterator[Json]:
        """Yield the body with another member in place of one that it cannot simply be without."""
        parent = self.oracle.root.at(path[:-1]) if path else None
        if parent is None or not parent.is_object or self.oracle.is_valid(bare := without(body, path)):
            return
        holder = at(body, path[:-1])
        for name, node in parent.properties.items():
            other = (*path[:-1], name)
            found = None if name in holder else Builder(self.oracle).complete(with_value(bare, other, simplest(node)), other)
            if found is not None and at(found, path) is None:
                yield found

    def _is_filler(self, body: Json, path: Path) -> bool:
        """Return whether the value stands there only because the rest would not be valid without it."""
        holder, parent, node = at(body, path[:-1]), self.oracle.root.at(path[:-1]), self.oracle.root.at(path)
        is_plain = node is not None and at(body, path) == simplest(node)
        return is_plain and bool(path) and parent is not None and path[-1] in parent.required and len(holder) > 1

    def _matters(self, body: Json, path: Path, refused: Callable[[Json], bool]) -> bool:
        """Return whether an ordinary value in this place would be accepted."""
        node = self.oracle.root.at(path)
        if node is None or not path:
            return False
        for ordinary in _ordinary(node):
            changed = with_value(body, path, ordinary)
            # What refers to the other value refers to nothing then.
            candidate = Builder(self.oracle).unreferring(changed)
            if ordinary != at(body, path) and candidate is not None:
                return not refused(candidate) and not self._is_about_referring(body, path, candidate, refused)
        return False

    def _is_about_referring(self, body: Json, path: Path, other: Json, refused: Callable[[Json], bool]) -> bool:
        """Return whether the value would be accepted if nothing referred to it, as nothing does in the other body."""
        alone = with_value(other, path, at(body, path))
        return alone != body and self.oracle.is_valid(alone) and not refused(alone)

    def _named(self, case: Case, body: Json, paths: list[Path]) -> RefusedField | None:
        for path in sorted(paths, key=len, reverse=True):
            value = at(body, path)
            for aim in case.aims:
                if self.oracle.place(aim.path) == self.oracle.place(path) and at(case.body, aim.path) == value:
                    return RefusedField(self._existing(aim.rule, path), tuple(paths))
        for path in sorted(paths, key=len, reverse=True):
            node = self.oracle.root.at(path)
            keyword = _keyword(node, at(body, path)) if node is not None else None
            if keyword and node is not None:
                return RefusedField(rule_id(self.oracle.prefix, node.path, keyword), tuple(paths))
        return None

    def _existing(self, rule: str, path: Path) -> str:
        """Return the rule that a value was chosen for; where any value may stand, the rule about the type of what holds it."""
        node = self.oracle.root.at(path)
        is_free = node is not None and rule == rule_id(self.oracle.prefix, node.path, "type") and node.is_free
        return self._type_rule(path) if is_free else rule

    def _type_rule(self, path: Path) -> str:
        node = self.oracle.root.at(path)
        while path and (node is None or "type" not in {each.keyword for each in node.constraints}):
            path = path[:-1]
            node = self.oracle.root.at(path)
        # Of a field with listed values it is a value of the list that is not accepted.
        listed = node is not None and any(each.keyword == "enum" for each in node.constraints)
        return rule_id(self.oracle.prefix, node.path if node else "", "enum" if listed else "type")


def _messages(value: Json, node: Node | None, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield the objects with members of their own in a body, the outermost first."""
    if node is None:
        return
    if isinstance(value, dict) and node.is_object:
        yield path, node
    members = value.items() if isinstance(value, dict) else enumerate(value[:12]) if isinstance(value, list) else ()
    for step, member in members:
        child = node.properties.get(step) if isinstance(step, str) else None
        yield from _messages(member, child or (None if node.is_object else node.each), (*path, step))


def _ordinary(node: Node) -> Iterator[Json]:
    yield simplest(node)
    if node.get("enum") is not None:
        yield from [each.value for each in accepted(node) if each.must][:3]


def _keyword(node: Node, value: Json) -> str | None:
    """Return the keyword that says most about a value without members: of two bounds the one that it is nearer to."""
    present = {constraint.keyword for constraint in node.constraints}
    lowest, highest = node.get("minimum"), node.get("maximum")
    if isinstance(value, (int, float)) and lowest is not None and highest is not None:
        present.discard("maximum" if value - lowest < highest - value else "minimum")
    return next((each for each in ("enum", "pattern", "maximum", "minimum", "format", "type") if each in present), None)


def _ends(value: Json, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of values without members, empty objects and arrays included; free content is not entered."""
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _ends(member, (*path, key))
    elif isinstance(value, list) and value:
        for index, element in enumerate(value[:12]):
            yield from _ends(element, (*path, index))
    else:
        yield path
