"""Scopes: the rules that a trial tests. A batch of them sees what the whole suite sees of most faults, in less time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The rules of a trial by their globs; all of them where there are none. `name` is what the page calls it."""

    name: str
    select: tuple[str, ...] = ()

    def options(self) -> list[str]:
        """Return the options of the suite that choose the rules."""
        return [part for glob in self.select for part in ("--select", glob)]


WHOLE = Scope("all")
NARROW = Scope("five", ("body.temperature.*",))
# Bodies with packs and refusals, keys, created calls that are read, derived and deleted.
BATCH = Scope(
    "batch",
    (
        "body.temperature.*",
        "body.joinTimeout.*",
        "body.metadata*",
        "state.*",
        "auth.*",
        "status.*",
        "robustness.*",
    ),
)
