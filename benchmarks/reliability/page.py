"""The page of a run of the bed: one table, and a line for each trial that missed a bound."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import groupby

from benchmarks.reliability.scenario import Result
from benchmarks.reliability.seen import Seen

_HEAD = """# Reliability

What the suite does when the network, the server, the account or the machine fails. `python -m benchmarks.reliability` wrote
this page: it runs the suite by its command line against the emulator, through a proxy that injects the faults. Each fault
depends on the seed and the number of the request alone. No request left the machine.

One row sums up the trials of a scenario, one for each seed; where they differ, it shows the smallest and the largest figure.
*Rules* says what a trial tests: all rules, or a batch of 75 with requests of each phase. Where the fault is in single
responses, it tests the five rules of `temperature`. *FAIL* counts failed rules. *ERROR* is the share of rules that could not be
judged. *Other* counts rules that were judged otherwise than without faults. *Left* counts calls that still exist at the
emulator. *Live* is the largest number of calls that existed at once. *MB* is the largest resident size, and *ending* the
seconds from a signal to the end.

What a lost response has created is found by the run tag. A call about the member that holds the tag has none. So a few of those
may be left where responses are lost; each ends by itself after its join timeout.
"""
_COLUMNS = (
    "scenario", "rules", "concurrency", "trials", "expected", "held", "FAIL", "ERROR", "other", "exit", "requests", "created",
    "left", "live", "MB", "seconds", "ending",
)  # fmt: skip
_SHOWN = 4  # rules in a line
_PLACES = 12  # leaks in a line


def page(results: Sequence[Result], seconds: float, *, complete: bool, left_out: Sequence[str] = ()) -> str:
    """Return the page as Markdown; `left_out` are the scenarios that were not carried out, or in part."""
    rows = [_row(list(group)) for _, group in groupby(results, lambda each: (each.scenario.name, each.concurrency))]
    held = sum(not each.missed for each in results)
    parts = [
        _HEAD,
        f"{held} of {len(results)} trials kept every bound, in {seconds:.0f} s"
        + ("." if complete else ", of a part of the scenarios or seeds.")
        + f" At the end the machine of {os.cpu_count()} cores had a load of {os.getloadavg()[0]:.0f}, which times depend on.",
        "\n".join([_line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *map(_line, rows)]),
        "## Bounds that were missed",
        "\n".join(_missed(each) for each in results if each.missed) or "None.",
        *(["## Not carried out in full", "\n".join(f"- {each}" for each in left_out)] if left_out else []),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def line_of(result: Result) -> str:
    """Return one trial in a line for the terminal."""
    seen = result.seen
    reported = ", ".join(result.missed) or "holds"
    figures = f"exit {seen.status}, {seen.left} of {seen.created} left, {seen.megabytes:.0f} MB, {seen.seconds:.1f} s"
    return f"{result.scenario.name} (seed {result.seed}, concurrency {result.concurrency}): {reported}; {figures}"


def _row(group: list[Result]) -> list[str]:
    scenario, seen = group[0].scenario, [each.seen for each in group]
    return [
        scenario.name,
        scenario.scope.name,
        str(group[0].concurrency),
        str(len(group)),
        scenario.bounds.expected(),
        f"{sum(not each.missed for each in group)} of {len(group)}",
        _range(len(each.fails) for each in seen),
        _range((100 * each.errors for each in seen if each.errors is not None), ".1f", " %"),
        _range(each.differing for each in seen),
        " ".join(dict.fromkeys("killed" if each.status is None else str(each.status) for each in seen)),
        *(_range(getattr(each, name) for each in seen) for name in ("requests", "created", "left", "peak")),
        _range((each.megabytes for each in seen), ".0f"),
        _range((each.seconds for each in seen), ".0f"),
        _range((each.ending for each in seen if each.ending is not None), ".1f"),
    ]


def _range(values: Iterable[float], form: str = ",", unit: str = "") -> str:
    found = list(values)
    if not found:
        return ""
    low, high = format(min(found), form), format(max(found), form)
    return (low if low == high else f"{low} to {high}") + unit


def _missed(result: Result) -> str:
    where = f"- **{result.scenario.name}**, seed {result.seed}, concurrency {result.concurrency}: "
    return where + "; ".join([", ".join(result.missed), *_details(result.seen)])


def _details(seen: Seen) -> list[str]:
    parts = [seen.note, _names("FAIL: ", seen.fails, _SHOWN), _names("leaks: ", seen.leaks, _PLACES)]
    return [part for part in parts if part]


def _names(before: str, names: Sequence[str], most: int) -> str:
    if not names:
        return ""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return before + ", ".join(f"`{each}`" for each in names[:most]) + more


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
