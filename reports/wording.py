"""Counts and durations as people say them."""

from __future__ import annotations

from reports.expected_failures.entries import EntryState
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus


def plural(count: int, noun: str) -> str:
    """`1 rule`, `2 rules`, `1,200 rules`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def duration(seconds: float) -> str:
    """Seconds as people say them: `0.8 ms`, `24.1 s`, `3 min 20 s`, `1 h 5 min`."""
    if not seconds:
        return "0"
    if seconds < 1:
        milliseconds = seconds * 1000
        return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min {int(seconds % 60)} s"
    return f"{minutes // 60} h {minutes % 60} min"


def headline(run: Run, run_status: RunStatus) -> str:
    """The run in one sentence, without the target: `All 348 rules hold.`"""
    return {"conforms": _conforms, "fails": _fails}.get(run_status.outcome, _unjudged)(run, run_status)


def shortfall(run: Run) -> str | None:
    """Why not all was tested; None if it was, or if nobody said why."""
    return (run.footer.reason or None) if run.footer else None


def cautions(run: Run, run_status: RunStatus) -> list[str]:
    """What whoever reads the headline must know besides: why not all was tested, and entries that are about nothing."""
    found = []
    reason = shortfall(run)
    if reason is not None and reason not in headline(run, run_status):
        found.append(f"Not all was tested: {reason.rstrip('.')}.")
    unmatched = (each.deviation for each in run_status.account.entries if each.state is EntryState.UNMATCHED)
    idle = (each.name for each in unmatched if not any(map(each.names, run.rules)))
    return [*found, *(f"The known deviation {name} names no rule of this description." for name in idle)]


def _conforms(run: Run, run_status: RunStatus) -> str:
    counts = run_status.counts()
    known = counts[RuleStatus.KNOWN]
    if known:
        return f"No rule fails beyond {plural(known, 'known deviation')}."
    if not counts[RuleStatus.PASS]:
        return "No rule was judged, so none fails."
    if counts[RuleStatus.PASS] == len(run.rules):
        return f"All {plural(len(run.rules), 'rule')} hold."
    if counts[RuleStatus.PASS] == 1:
        return "The one rule that was judged holds."
    return f"All {plural(counts[RuleStatus.PASS], 'judged rule')} hold."


def _fails(run: Run, run_status: RunStatus) -> str:
    failed = len(run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED))
    stale = sum(entry.red for entry in run_status.account.entries)
    if failed:
        return f"{failed:,} of {plural(len(run.rules), 'rule')} {'fails' if failed == 1 else 'fail'}."
    if stale:
        return f"{plural(stale, 'known deviation')} no longer {'holds' if stale == 1 else 'hold'}."
    return "The run failed."


def _unjudged(run: Run, run_status: RunStatus) -> str:
    failed = len(run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED))
    what = "The run was interrupted" if run_status.outcome == "interrupted" else "The run could not be judged"
    reason = (run.footer.reason if run.footer else "") or ""
    reason = reason.removeprefix("interrupted").removeprefix("; ")  # what was said already
    so_far = f"; {plural(failed, 'rule')} failed so far" if failed else ""
    return f"{what}{': ' + reason.rstrip('.') if reason else ''}{so_far}."
