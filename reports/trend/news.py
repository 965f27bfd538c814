"""The news of a night: rules that are new among the failing ones, that still fail, and that were repaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.quantities import plural
from reports.status import FAILS, HOLDS
from reports.trend.trends import Trend

# An expected failure is no news: it has a reason and an end.
_RED = frozenset({"FAIL", "EXPIRED"})


@dataclass(frozen=True, slots=True)
class News:
    """The last night beside those before. `lasting` has each rule that fails again with the number of nights in a row."""

    new: list[str]
    lasting: dict[str, int]
    repaired: list[str]

    def labels(self, rules: Iterable[str]) -> list[tuple[str, str]]:
        """Return rules, each with its label: its id, and the nights for which it fails where these are several."""
        return [(rule, f"{rule} · {self.lasting[rule]} nights" if rule in self.lasting else rule) for rule in rules]

    def sentence(self) -> str:
        """Return the news in a line: `1 rule fails since last night, 2 fail for up to 9 nights, 1 was repaired`."""
        parts = []
        if self.new:
            parts.append(f"{plural(len(self.new), 'rule')} {_fails(len(self.new))} since last night")
        if self.lasting:
            nights = plural(max(self.lasting.values()), "night")
            parts.append(f"{plural(len(self.lasting), 'rule')} {_fails(len(self.lasting))} for up to {nights}")
        if self.repaired:
            parts.append(f"{plural(len(self.repaired), 'rule')} {'was' if len(self.repaired) == 1 else 'were'} repaired")
        return ", ".join(parts) or "no rule fails that held last night, and none was repaired"


def news(trends: Mapping[str, Trend]) -> News:
    """Return the news of the last night; all is new on the first one."""
    found = News([], {}, [])
    for rule, trend in trends.items():
        tonight, *before = reversed(trend.strip) if trend.strip else [None]
        # A night on which the rule was not judged says nothing of it.
        judged = [each for each in before if each in FAILS | HOLDS]
        if tonight in _RED:
            nights = 1 + next((count for count, each in enumerate(judged) if each not in FAILS), len(judged))
            if nights == 1:
                found.new.append(rule)
            else:
                found.lasting[rule] = nights
        elif tonight in HOLDS and judged and judged[0] in FAILS:
            found.repaired.append(rule)
    return found


def _fails(count: int) -> str:
    return "fails" if count == 1 else "fail"
