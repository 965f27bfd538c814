"""Names inside a value, as the keywords `x-refers` and `x-distinct` find them (see EXTENSIONS.md).

Every tool of every candidate body is searched for names several times, so each step is prepared once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import jsonschema_rs

from openapi.json_types import Json, tokens

Condition: TypeAlias = Callable[[Json], bool]
EACH = "*"  # a step of a source: every element of a list


@dataclass(frozen=True, eq=False)
class Source:
    """A source of names: `steps` lead to the holders, `name` from there to the name.

    Only a holder that satisfies `where` counts. With two `marks`, each stretch between them in a string is a name.
    """

    steps: tuple[str, ...]
    name: tuple[str, ...] = ()
    where: Condition | None = None
    marks: tuple[str, str] | None = None

    def names(self, value: Json) -> list[str]:
        """Return the names in a value: a string or its marked stretches, an array of strings, the keys of an object."""
        for step in self._front:
            if not isinstance(value, dict) or step not in value:
                return []
            value = value[step]
        holders = _reached(value, self._rest)
        if self.where is not None:
            holders = filter(self.where, holders)
        names: list[str] = []
        for holder in holders:
            for found in _reached(holder, self.name) if self.name else (holder,):
                names += self._reported(found)
        return names

    def by_item(self, value: Json) -> list[list[str]]:
        """Return the names in each item of the last array on the way; an empty list for none."""
        count = len(self.steps) - self.steps[::-1].index(EACH)
        within = replace(self, steps=self.steps[count:])
        return [within.names(item) for item in _reached(value, self.steps[:count])]

    @cached_property
    def _front(self) -> tuple[str, ...]:
        """Return the steps before the first array, which lead to one value."""
        return self.steps[: self.steps.index(EACH)] if EACH in self.steps else self.steps

    @cached_property
    def _rest(self) -> tuple[str, ...]:
        return self.steps[len(self._front) :]

    def _reported(self, found: Json) -> list[str]:
        if self.marks is not None:
            return self._marked.findall(found) if isinstance(found, str) else []
        if isinstance(found, str):
            return [found]
        return [each for each in found if isinstance(each, str)] if isinstance(found, (list, dict)) else []

    @cached_property
    def _marked(self) -> re.Pattern[str]:
        front, end = map(re.escape, self.marks or ("", ""))
        return re.compile(f"{front}(.*?){end}", re.DOTALL)


def source_of(stated: Json) -> Source:
    """Return the source that a keyword states: a pointer, or an object with `at`."""
    if isinstance(stated, str):
        return Source(tokens(stated))
    return Source(
        tokens(stated["at"]),
        tokens(stated.get("name", "")),
        condition_of(stated.get("where")),
        tuple(stated["between"]) if "between" in stated else None,
    )


def condition_of(schema: Json) -> Condition | None:
    """Return a predicate for a schema. Plain demands of members and strings avoid the validator, which copies the value."""
    if schema is None:
        return None
    asked = _members_asked_for(schema)
    if asked is None:
        return jsonschema_rs.Draft202012Validator(schema).is_valid
    required, texts = asked

    def holds(value: Json) -> bool:
        if isinstance(value, dict):
            for name in required:
                if name not in value:
                    return False
            for name, text in texts:
                if value.get(name, text) != text:
                    return False
        return True

    return holds


def _members_asked_for(schema: Json) -> tuple[frozenset[str], list[tuple[str, str]]] | None:
    """Return the members that a schema requires and the strings that it demands; None if it says anything else."""
    if not isinstance(schema, dict) or not schema.keys() <= {"required", "properties"}:
        return None
    members: dict[str, Json] = schema.get("properties", {})
    texts = [(name, each["const"]) for name, each in members.items() if isinstance(each, dict) and each.keys() == {"const"}]
    is_plain = len(texts) == len(members) and all(isinstance(text, str) for _, text in texts)
    return (frozenset(schema.get("required", ())), texts) if is_plain else None


@dataclass(frozen=True, eq=False)
class Reference:
    """One item of `x-refers`: each name at one of `names` is also at one of `to`, where the object satisfies `when`.

    With `one`, one such item of the last array on the way to the names is enough.
    """

    names: tuple[Source, ...]
    to: tuple[Source, ...]
    when: Condition | None = None
    one: bool = False

    def unmet(self, value: Json) -> list[str]:
        """Return the names that refer to nothing."""
        if self._members is not None and (not isinstance(value, dict) or self._members.isdisjoint(value)):
            return []  # as for most tools of most bodies
        if self.when is not None and not self.when(value):
            return []
        names = _all(self.names, value)
        if not names:
            return []
        known = set(_all(self.to, value))
        unmet = [name for name in dict.fromkeys(names) if name not in known]
        return self._of_last(value, known) if unmet and self.one else unmet

    def _of_last(self, value: Json, known: set[str]) -> list[str]:
        """Return the names of the last item that refer to nothing; none if some item has no such name."""
        items = [each for source in self.names for each in source.by_item(value)]
        missing = [[name for name in dict.fromkeys(names) if name not in known] for names in items]
        return missing[-1] if missing and all(missing) else []

    @cached_property
    def _members(self) -> frozenset[str] | None:
        """Return the members without which there are no names; None where the value need be no object."""
        return frozenset(each.steps[0] for each in self.names) if all(each.steps for each in self.names) else None


def reference_of(stated: Json) -> Reference:
    """Return the reference that an item of `x-refers` states."""
    names, to = (tuple(map(source_of, stated[side])) for side in ("names", "to"))
    return Reference(names, to, condition_of(stated.get("when")), stated.get("one", False))


def is_distinct(sources: list[Source], value: Json) -> bool:
    """Return whether no name occurs twice in all sources."""
    found = _all(sources, value)
    return len(set(found)) == len(found)


def _all(sources: Iterable[Source], value: Json) -> list[str]:
    found: list[str] = []
    for source in sources:
        found += source.names(value)
    return found


def _reached(value: Json, steps: tuple[str, ...]) -> Iterable[Json]:
    """Return all values that the steps lead to."""
    for index, step in enumerate(steps):
        if step == EACH:
            elements = value if isinstance(value, list) else ()
            rest = steps[index + 1 :]
            return [found for element in elements for found in _reached(element, rest)] if rest else elements
        if not isinstance(value, dict) or step not in value:
            return ()
        value = value[step]
    return (value,)
