"""A failing run as the text of an issue: its title in the first line, and what failed since when below."""

from __future__ import annotations

from collections.abc import Mapping

from reports.formats.markdown_text import code, plain
from reports.quantities import day, plural
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus
from reports.trend.news import News
from reports.trend.trends import Trend
from reports.wording import headline

_MOST = 50  # rules; an issue holds 64 KiB
_LONGEST = 300  # characters of a sentence


def issue(run: Run, run_status: RunStatus, found: News, trends: Mapping[str, Trend]) -> str:
    """Return the issue in Markdown. Its text is the same for the same night, so that an update says nothing twice."""
    header = run.header
    where = "the embedded emulator" if header.embedded else header.target
    parts = [
        f"# {' '.join(headline(run, run_status).rstrip('.').split())} in {header.operation}",
        f"{plain(header.title)} at {code(where)}, {day(header.started)}, profile {code(header.profile)}, seed {header.seed}.",
        f"{plain(found.sentence()).capitalize()}.",
        *_table(run, run_status, found, trends),
        *([f"Repaired: {', '.join(map(code, found.repaired[:_MOST]))}"] if found.repaired else []),
        "Each night updates this text while a rule fails, and closes the issue when none does.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(run: Run, run_status: RunStatus, found: News, trends: Mapping[str, Trend]) -> list[str]:
    failed = run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED)
    if not failed:
        return []
    rows = [_row(run, rule, found.lasting.get(rule, 1), trends[rule].since) for rule in failed[:_MOST]]
    more = [f"… and {plural(len(failed) - _MOST, 'more rule')}"] if len(failed) > _MOST else []
    return ["\n".join(["| rule | fails since | nights | what came |", "|---|---|---:|---|", *rows]), *more]


def _row(run: Run, rule: str, nights: int, since: str | None) -> str:
    failure = next(iter(run.verdicts[rule].failures), None)
    actual = failure.actual if failure else ""
    shown = actual if len(actual) <= _LONGEST else actual[:_LONGEST] + "…"
    requirement = plain(run.rules[rule].requirement)
    first = day(since) if since else ""
    return f"| {code(rule).replace('|', chr(92) + '|')}<br>{requirement} | {first} | {nights} | {plain(shown)} |"
