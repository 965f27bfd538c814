"""Object-valued properties beside a parent call: replaced as a whole, or merged member by member.

No sentence says at which depth a body overrides its parent call. So a server may merge the members of objects, but then of all
of them: one that merges some properties and replaces others follows no rule at all. What looks merged is put by until the
phase has seen whether any property is replaced.

Example: the parent call has `{"a": 1, "b": 2}`, the body sets `{"a": 3}`. A derived call with `{"a": 3}` replaces, one with
`{"a": 3, "b": 2}` merges. An object inside an object may be treated in either way: protobuf, for one, merges messages in
depth, but maps and structures key by key. So the response shows at which depths it is merged, and must be what that gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from openapi.json_types import Json

_Fits = Callable[[Json], bool]


@dataclass(frozen=True)
class Overriding:
    """A property that the parent call had (`before`), that the body sets (`own`), and that the response shows (`displayed`)."""

    before: Json
    own: Json
    displayed: Json = None

    @cached_property
    def ways(self) -> list[Json]:
        """Return the ways of merging: in depth, at the top alone, and as displayed.

        None where that is what the body sets anyway.
        """
        if not isinstance(self.before, dict) or not isinstance(self.own, dict):
            return []
        both = [merged(self.before, self.own), {**self.before, **self.own}, _guided(self.before, self.own, self.displayed)]
        return [each for each in both if each != self.own]


@dataclass
class Merging:
    """The treatment of the object-valued properties of a parent call that the body sets as well."""

    may_merge: bool
    wholes: dict[str, Json] = field(default_factory=dict)  # by the id of a call, its body merged with those it is made from
    _replaces: bool = False
    _put_by: list[tuple[Finding, Exchange]] = field(default_factory=list)

    def note(self, identity: str, parent: str | None, body: Json) -> None:
        """Note a created call, and the call that it was made from."""
        self.wholes[identity] = merged(self.wholes.get(parent or ""), body)

    def explains(self, finding: Finding, exchange: Exchange, overriding: Overriding, fits: _Fits) -> bool:
        """Return whether the response shows the property of the parent call merged with what the body sets."""
        if not self.may_merge or not any(map(fits, overriding.ways)):
            return False
        self._put_by.append((finding, exchange))
        return True

    def note_replaced(self, overriding: Overriding, is_valid: _Fits) -> None:
        """Note that the response shows what the body sets alone, although the two could have been merged."""
        self._replaces = self._replaces or any(map(is_valid, overriding.ways))

    def settled(self) -> Iterator[tuple[Finding, Exchange, bool]]:
        """Yield what was put by, each with whether it is a violation: the server replaces other properties."""
        found, self._put_by = self._put_by, []
        yield from ((finding, exchange, self._replaces) for finding, exchange in found)


def _guided(before: Json, own: Json, displayed: Json) -> Json:
    """Return the two merged wherever more is displayed than the second has."""
    if not all(isinstance(each, dict) for each in (before, own, displayed)):
        return own
    kept = before if (before.keys() - own.keys()) & displayed.keys() else {}
    return {**kept, **{name: _guided(before.get(name), value, displayed.get(name)) for name, value in own.items()}}


def merged(before: Json, own: Json) -> Json:
    """Return the second value with those members of the first that it lacks, in depth."""
    if not isinstance(before, dict) or not isinstance(own, dict):
        return own
    return {**before, **{name: merged(before.get(name), value) for name, value in own.items()}}
