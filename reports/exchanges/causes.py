"""Group differences by the smallest cause: what one request shows, larger ones that contain it show again.

    {"a": 9}                    201 and 400       smallest: the cause
    {"a": 9, "b": 1}            201 and 400       contains it: the same cause
    {"b": 7}                    400 and 201       another one

A refused pack holds many values. Where one of the runs has bisected it, the smallest body that shows its failed rule is the
cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reports.exchanges.normal_form import json_in
from reports.exchanges.pairing import Difference, Pairs
from reports.record.entries import Outcome
from reports.record.recorded_run import Run

STATUS = "status"
_MISSING = "missing"


@dataclass
class Group:
    """Differences of one cause, the one with the smallest request first.

    `rule` is the rule that is the cause. `body` is a smaller body by which a run has shown it; empty for none.
    """

    what: str
    rule: str = ""
    body: str = ""
    differences: list[Difference] = field(default_factory=list)

    @property
    def smallest(self) -> Difference:
        """Return the difference with the smallest request."""
        return self.differences[0]

    def title(self) -> str:
        """Return the cause in words."""
        if self.what == STATUS:
            return self.rule or "status"
        return f"response: {self.what}"


@dataclass(frozen=True)
class _Shown:
    """A body by which the triage of one run has shown a failure: its status there, and the case that it was shrunk from."""

    text: str
    side: int
    status: str
    rule: str = ""
    case: str = ""

    @cached_property
    def value(self) -> Any:
        return json_in(self.text)

    def explains(self, difference: Difference) -> bool:
        """Return whether a difference shows the same failure."""
        one = difference.exchanges[self.side]
        same = self.status == (difference.before, difference.after)[self.side] and len(self.text) <= difference.size
        return same and (one.case == self.case or _contains(json_in(one.request.body), self.value))


def grouped(pairs: Pairs, runs: tuple[Run, Run]) -> list[Group]:
    """Return the differences by their causes: statuses first, then what most exchanges show."""
    shown = sorted(_shown(pairs, runs), key=lambda each: (not each.rule, len(each.text)))
    found: dict[Any, Group] = {}
    for each in sorted(pairs.differences, key=lambda each: each.size):
        key, group = _cause(each, shown)
        if group is None:
            leaders = ((name, other) for name, other in found.items() if other.what == STATUS)
            key, group = next((pair for pair in leaders if _explains(pair[1].smallest, each)), (id(each), Group(STATUS)))
        found.setdefault(key, group).differences.append(each)
    return sorted(found.values(), key=lambda group: (group.what != STATUS, -len(group.differences)))


def _cause(difference: Difference, shown: Iterable[_Shown]) -> tuple[Any, Group | None]:
    """Return what differences of one cause have in common, and their group; None where only other requests show it."""
    before, after = difference.before, difference.after
    if difference.what != STATUS:
        return (difference.what, before == _MISSING, after == _MISSING), Group(difference.what)
    one = difference.exchanges[0]
    if one.side == "rejects" and one.aims:
        return (before, after, one.aims[0]), Group(STATUS, one.aims[0])
    small = next((each for each in shown if each.explains(difference)), None)
    return (None, None) if small is None else ((before, after, small.text), Group(STATUS, small.rule, small.text))


def _explains(leader: Difference, other: Difference) -> bool:
    same = (leader.before, leader.after) == (other.before, other.after)
    one, two = leader.exchanges[0].request, other.exchanges[0].request
    return same and one.key == two.key and _contains(json_in(two.body), json_in(one.body))


def _contains(large: Any, small: Any) -> bool:
    """Return whether a value holds another one: an object all its members, an array all its items."""
    if isinstance(small, dict) and isinstance(large, dict):
        return all(name in large and _contains(large[name], value) for name, value in small.items())
    if isinstance(small, list) and isinstance(large, list):
        return all(any(_contains(item, each) for item in large) for each in small)
    return bool(type(small) is type(large) and small == large)


def _shown(pairs: Pairs, runs: tuple[Run, Run]) -> Iterator[_Shown]:
    """Yield the smallest bodies that show failures of one run alone, and the smallest ones that its triage tried."""
    for side, (run, other) in enumerate(((runs[0], runs[1]), (runs[1], runs[0]))):
        for rule, verdict in run.judged(Outcome.FAIL):
            there = other.verdicts.get(rule.id)
            if there is None or there.outcome is not Outcome.FAIL:
                accepts = (each for each in verdict.failures if each.side == "accepts" and each.request.body)
                yield from (_Shown(each.request.body or "", side, str(each.status), rule=rule.id) for each in accepts)
        for each in pairs.alone[side]:
            if each.phase == "shrink" and each.request.body and each.response is not None and each.response.status >= 400:
                yield _Shown(each.request.body, side, str(each.response.status), case=each.case)
