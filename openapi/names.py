"""Names inside a value: where the keywords `x-refers` and `x-distinct` find them (see EXTENSIONS.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import jsonschema_rs

from openapi.json_types import Json, tokens

EACH = "*"  # a step of a source: every element of a list


@dataclass(frozen=True, eq=False)
class Source:
    """Where names are found: `steps` lead to what holds them, `name` from there to the name.

    Of what is held only that counts which satisfies `where`. Between the two `marks` stands each name in a text.
    """

    steps: tuple[str, ...]
    name: tuple[str, ...] = ()
    where: jsonschema_rs.Validator | None = None
    marks: tuple[str, str] | None = None

    def names(self, value: Json) -> list[str]:
        """The names in a value: a text itself or what is marked in it, the texts of a list, the keys of an object."""
        holders = [each for each in _reached(value, self.steps) if self.where is None or self.where.is_valid(each)]
        return [name for holder in holders for found in _reached(holder, self.name) for name in self._told(found)]

    def _told(self, found: Json) -> list[str]:
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
    """The source that a keyword states: a pointer, or an object with `at`."""
    if isinstance(stated, str):
        return Source(tokens(stated))
    return Source(
        tokens(stated["at"]),
        tokens(stated.get("name", "")),
        _validator(stated.get("where")),
        tuple(stated["between"]) if "between" in stated else None,
    )


def _validator(schema: Json) -> jsonschema_rs.Validator | None:
    return None if schema is None else jsonschema_rs.Draft202012Validator(schema)


@dataclass(frozen=True, eq=False)
class Reference:
    """One element of `x-refers`: each name at one of the `names` stands at one of `to`, too, `when` the object is such."""

    names: tuple[Source, ...]
    to: tuple[Source, ...]
    when: jsonschema_rs.Validator | None = None

    def unmet(self, value: Json) -> list[str]:
        """The names that refer to nothing."""
        if self._members is not None and (not isinstance(value, dict) or self._members.isdisjoint(value)):
            return []  # as for most tools of most bodies
        names = _all(self.names, value)
        if not names or not (self.when is None or self.when.is_valid(value)):
            return []
        known = set(_all(self.to, value))
        return [name for name in dict.fromkeys(names) if name not in known]

    @cached_property
    def _members(self) -> frozenset[str] | None:
        """The members of an object of which one is needed for there to be names; None where it need be no object."""
        return frozenset(each.steps[0] for each in self.names) if all(each.steps for each in self.names) else None


def reference_of(stated: Json) -> Reference:
    """The reference that an element of `x-refers` states."""
    names, to = (tuple(map(source_of, stated[side])) for side in ("names", "to"))
    return Reference(names, to, _validator(stated.get("when")))


def is_distinct(sources: list[Source], value: Json) -> bool:
    """Whether no name occurs twice, wherever it stands."""
    found = _all(tuple(sources), value)
    return len(set(found)) == len(found)


def _all(sources: tuple[Source, ...], value: Json) -> list[str]:
    return [name for source in sources for name in source.names(value)]


def _reached(value: Json, steps: tuple[str, ...]) -> list[Json]:
    """All that the steps lead to. Asked for every tool of every body that is tried, so it goes no step in vain."""
    for index, step in enumerate(steps):
        if step == EACH:
            elements = value if isinstance(value, list) else ()
            return [found for element in elements for found in _reached(element, steps[index + 1 :])]
        if not isinstance(value, dict) or step not in value:
            return []
        value = value[step]
    return [value]
