"""Which of two descriptions a server speaks: one run, judged by both, and the rules on which the server differs from each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from reports.difference.difference import Description, differences
from reports.difference.formats import headline
from reports.expected_failures.entries import ExpectedFailures
from reports.quantities import plural
from reports.record.recorded_run import Run
from reports.status import FAILS, RED, RuleStatus, RunStatus, decide
from reports.wording import shortfall

_MOST = 5  # ids in a sentence
_ORDER = ("conforms", "fails")  # a server speaks what holds whole, and else what it violates least


@dataclass(frozen=True, slots=True)
class Judged:
    """A run judged by one description; `name` distinguishes it from the other one."""

    name: str
    run: Run
    run_status: RunStatus

    @property
    def violated(self) -> list[str]:
        """Return the rules that turn the run red."""
        return [rule for rule in self.run_status.red if self.run_status.rule_statuses[rule] in FAILS]

    @property
    def is_judged(self) -> bool:
        """Return whether the run came to a verdict."""
        return self.run_status.outcome in _ORDER


@dataclass(frozen=True, slots=True)
class Side:
    """A rule under one description: what it demands, its status, and what the server did; empty where there is no such rule."""

    requirement: str = ""
    status: RuleStatus | None = None
    actual: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule that the server violates under at least one of both descriptions."""

    rule: str
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A run judged by two descriptions, in the order in which they were given."""

    descriptions: tuple[Judged, Judged]

    @property
    def best(self) -> Judged:
        """Return the description that the server speaks, or violates least; of two such ones the later."""
        return min(reversed(self.descriptions), key=_distance)

    @property
    def other(self) -> Judged:
        """Return the other description."""
        first, second = self.descriptions
        return second if self.best is first else first

    @property
    def rows(self) -> list[Row]:
        """Return the rules that the server violates, under each description."""
        first, second = self.descriptions
        rules = dict.fromkeys([*first.run.rules, *second.run.rules])
        rows = [Row(rule, (_side(first, rule), _side(second, rule))) for rule in rules]
        return [row for row in rows if any(side.status in RED | FAILS for side in row.sides)]

    def sentence(self) -> str:
        """Return which description the server speaks."""
        best, other = self.best, self.other
        if not best.is_judged:
            return "The server could not be judged by either description."
        if best.run_status.outcome == "conforms":
            if other.run_status.outcome == "conforms":
                first, second = self.descriptions
                return f"The server speaks both: neither of {first.name} nor of {second.name} a judged rule fails."
            return f"The server speaks {best.name}: 0 of {plural(best.run_status.judged, 'judged rule')} fail. {_of(other)}"
        if other.is_judged:
            return f"The server speaks neither. {_of(best)} {_of(other)}"
        return f"The server does not speak {best.name}. {_of(best)} {_of(other)}"

    def difference(self) -> str:
        """Return how much the rules of both descriptions differ, in a sentence."""
        first, second = (
            Description.of("", each.run.rules.values(), each.run.fields, each.run.header.facts) for each in self.descriptions
        )
        return headline(differences(first, second))

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON; `speaks` is the digest of the description that holds whole, None where none does."""
        holds = self.best.run_status.outcome == "conforms"
        return {
            "speaks": self.best.run.header.description.get("digest") if holds else None,
            "sentence": self.sentence(),
            "descriptions": [
                {**each.run.header.description, "outcome": each.run_status.outcome, "failed": each.violated}
                for each in self.descriptions
            ],
            "rules": {row.rule: [side.status for side in row.sides] for row in self.rows},
        }


def spoken_of(run: Run, known: ExpectedFailures | None = None) -> Spoken | None:
    """Return a run as judged by both descriptions; None where there is only one."""
    if run.other is None:
        return None
    first, second = ((each, decide(each, known)) for each in (run, run.other))
    one, two = _names(run, run.other)
    return Spoken((Judged(one, *first), Judged(two, *second)))


def runs_by_description(run: Run) -> dict[str, Run]:
    """Return a run under each of its descriptions by name; the name is empty where there is only one."""
    return {"": run} if run.other is None else dict(zip(_names(run, run.other), (run, run.other), strict=True))


def _distance(judged: Judged) -> tuple[int, int]:
    outcome = judged.run_status.outcome
    return _ORDER.index(outcome) if outcome in _ORDER else len(_ORDER), len(judged.violated)


def _names(*runs: Run) -> Iterator[str]:
    """Yield a name for each description: that of its file, or all of it where both files have the same name."""
    whole = [run.header.description.get("name", "") for run in runs]
    short = [PurePath(each).name for each in whole]
    for name, run in zip(short if len(set(short)) == len(short) else whole, runs, strict=True):
        version = run.header.description.get("version")
        yield f"{name} (version {version})" if version else name


def _side(judged: Judged, rule: str) -> Side:
    if rule not in judged.run.rules:
        return Side()
    failure = next(iter(judged.run.verdicts[rule].failures), None)
    actual = "" if failure is None else failure.actual
    return Side(judged.run.rules[rule].requirement, judged.run_status.rule_statuses[rule], actual)


def _of(judged: Judged) -> str:
    """Return what the server does with a description, in a sentence."""
    if not judged.is_judged:
        reason = (shortfall(judged.run) or "the run ended early").rstrip(".")
        return f"It could not be judged by {judged.name}: {reason}."
    violated = judged.violated
    more = f" and {len(violated) - _MOST} more" if len(violated) > _MOST else ""
    shown = f": {', '.join(violated[:_MOST])}{more}" if violated else ""
    return f"Of {judged.name} it violates {plural(len(violated), 'rule')}{shown}."
