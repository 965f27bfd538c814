"""Drift: what moved from one night to another, the description or the server, in sentences.

A rule that turned is put down to the description if the rule itself changed tonight, else to the server:

    last night   maximum 10, 11 refused   PASS
    tonight      maximum 20, 11 refused   FAIL   the description moved
    tonight      maximum 10, 11 accepted  FAIL   the server moved
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.difference.difference import DescriptionChange, as_json
from reports.difference.formats import headline
from reports.quantities import day_of, plural
from reports.status import FAILS

_MOST = 5  # ids in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The differences of tonight from the last night that judged something, which started at `since`.

    `moved` names what the rules were derived from and is another one tonight: the description, the overlay, or the suite; empty
    for none. `documents` are the kept files of both nights, empty where none is. `changes` are those of the rules, None where
    those of that night are unknown. `by_description` and `by_server` are the rules that broke or were repaired, with the status
    before and now. `is_same_seed` says whether both nights drew the same.
    """

    since: str
    moved: str
    versions: tuple[str, str]
    documents: tuple[str, str]
    changes: list[DescriptionChange] | None
    by_description: Mapping[str, tuple[str, str]]
    by_server: Mapping[str, tuple[str, str]]
    is_same_seed: bool

    def sentences(self) -> list[str]:
        """Return what moved, one sentence for each mover."""
        return [*self._of_description(), *self._of_server()]

    def _of_description(self) -> Iterator[str]:
        if not self.moved:
            return
        before, now = self.versions
        version = f", version {before or 'unknown'} then and {now or 'unknown'} now" if before != now else ""
        if self.changes is None:
            difference = "The rules of that night are not kept, so nobody can say what differs, or what the server did."
        else:
            difference = headline(self.changes)
        yield f"The {self.moved} moved since {day_of(self.since):%d %B %Y}{version}. {difference}"
        if self.by_description:
            yield f"{_turned(self.by_description)} since the {self.moved} moved: {_listed(self.by_description)}."

    def _of_server(self) -> Iterator[str]:
        if not self.by_server:
            return
        same = "their rules are the same" if len(self.by_server) > 1 else "its rule is the same"
        seed = "" if self.is_same_seed else ", or the other seed of tonight shows it"
        yield (
            f"The server moved since {day_of(self.since):%d %B %Y}{seed}. "
            f"{_turned(self.by_server)}, and {same}: {_listed(self.by_server)}."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the drift as JSON."""
        return {
            "since": self.since,
            "moved": self.moved or None,
            "versions": list(self.versions),
            "documents": list(self.documents),
            "changes": None if self.changes is None else as_json(self.changes),
            "by_description": {rule: list(each) for rule, each in self.by_description.items()},
            "by_server": {rule: list(each) for rule, each in self.by_server.items()},
        }


def _turned(rules: Mapping[str, tuple[str, str]]) -> str:
    broke = sum(now in FAILS for _, now in rules.values())
    repaired = len(rules) - broke
    parts = [f"{plural(broke, 'rule')} broke"] if broke else []
    parts += [f"{plural(repaired, 'rule')} {'was' if repaired == 1 else 'were'} repaired"] if repaired else []
    return " and ".join(parts)


def _listed(rules: Mapping[str, tuple[str, str]]) -> str:
    shown = list(rules)[:_MOST]
    return ", ".join(shown) + (f" and {len(rules) - _MOST} more" if len(rules) > _MOST else "")
