"""The runs of two records that belong together: those under the same description, where a record is of two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from reports.record.recorded_run import Run
from reports.spoken import Spoken, spoken_of

_REPORTS = ("report.html", "other-description.html")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs to compare. `name` is that of the description, empty where both records are of one alone.

    `reports` are the names of the reports of both runs, beside their records.
    """

    name: str
    old: Run
    new: Run
    reports: tuple[str, str] = (_REPORTS[0], _REPORTS[0])


@dataclass(frozen=True, slots=True)
class _Known:
    """A run under one description, with its report: that of the description which is spoken comes first."""

    name: str
    run: Run
    report: str


def pairs_of(old: Run, new: Run) -> list[Pair]:
    """Return the runs to compare: under each description that both records have, else under those that the server spoke."""
    before, after = spoken_of(old), spoken_of(new)
    if before is None and after is None:
        return [Pair("", old, new)]
    olds, news = _known(old, before), _known(new, after)
    found = [(each, match) for each in news if (match := _same(each, olds)) is not None]
    found = found or [(news[0], olds[0])]
    return [Pair(each.name, match.run, each.run, (match.report, each.report)) for each, match in found]


def spoken_before_and_now(old: Run, new: Run) -> tuple[str, str] | None:
    """Return which description the server spoke in each run, in sentences; None where a record is of one alone."""
    before, after = spoken_of(old), spoken_of(new)
    return None if before is None or after is None else (before.sentence(), after.sentence())


def _known(run: Run, spoken: Spoken | None) -> list[_Known]:
    if spoken is None:
        return [_Known(_file(run), run, _REPORTS[0])]
    judged = (spoken.best, spoken.other)
    return [_Known(each.name, each.run, report) for each, report in zip(judged, _REPORTS, strict=True)]


def _same(one: _Known, others: list[_Known]) -> _Known | None:
    """Return the run under the same document; without one under a document of the same name."""
    digest = one.run.header.description.get("digest")
    same = [each for each in others if each.run.header.description.get("digest") == digest]
    named = [each for each in others if _file(each.run) == _file(one.run)]
    return next(iter((*same, *named)), None)


def _file(run: Run) -> str:
    return PurePath(run.header.description.get("name", "")).name
