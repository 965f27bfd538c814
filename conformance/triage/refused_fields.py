"""Offending fields: the fields and values that a server is known to refuse, and what is left of a body without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, paths_in, without
from strategies.bodies.builder import Builder

_LEVELS = 6  # how far up a refused field takes its surroundings with it


@dataclass
class RefusedFields:
    """The places that are refused, and the values that are wherever they stand. False while there is none."""

    oracle: Oracle
    places: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.places)

    def add(self, paths: Sequence[Path]) -> None:
        """Note fields that are refused."""
        self.places |= {self.oracle.place(path) for path in paths}

    def add_values(self, body: Json, smallest: Json, paths: Sequence[Path]) -> None:
        """Note the values that stood in the body, whole, where the smallest one still holds a part of them."""
        places = {self.oracle.place(path) for path in paths if path}
        parts = [str(at(smallest, path)) for path in paths]
        for path in paths_in(body):
            if path and self.oracle.place(path) in places and any(part in str(at(body, path)) for part in parts):
                self.values.add(repr(at(body, path)))

    def are_in(self, body: Json) -> bool:
        """Return whether a body holds something that is known to be refused."""
        return bool(self._stripped(body, self.places) != body)

    def hiding(self, rule: str) -> str | None:
        """Return a refused place without which nothing can be seen of a rule: its own, one above, or one below it."""
        own = f"{rule.partition('.')[2].rpartition('.')[0]}."
        return next((each for each in sorted(self.places) if own.startswith(f"{each}.") or f"{each}.".startswith(own)), None)

    def rest(self, body: Json) -> Json | None:
        """Return the body without all that is known to be refused, valid as before; None if nothing else is in it."""
        places = set(self.places)
        for _ in range(_LEVELS):
            rest = self._stripped(body, places)
            if rest == body or not rest:
                return None
            done = rest if self.oracle.is_valid(rest) else Builder(self.oracle).complete(rest)
            back = {place for place in places if done is not None and self._holds(done, place)}
            if done is not None and not back:
                return done
            # What the rest needs the field for goes as well, level by level.
            places |= {around for place in back or places if (around := _around(place))}
        return None

    def _stripped(self, body: Json, places: set[str]) -> Json:
        rest = body
        # The last ones first: what is left out of an array moves those behind it.
        for path in reversed(list(paths_in(body))):
            if path and (self.oracle.place(path) in places or repr(at(body, path)) in self.values):
                rest = without(rest, path)
        return rest

    def _holds(self, body: Json, place: str) -> bool:
        return any(path and self.oracle.place(path) == place for path in paths_in(body))


def _around(place: str) -> str:
    """Return the place of the object that a field belongs to, past the list or map that holds it; empty for the body."""
    around = place.rpartition(".")[0]
    while around.endswith(".*"):
        around = around.removesuffix(".*")
    return around
