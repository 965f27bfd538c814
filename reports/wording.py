"""Sentences that sum up a run, the same in every report."""

from __future__ import annotations

from reports.difference.drift import Drift
from reports.expected_failures.entries import EntryState
from reports.quantities import plural
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus


def headline(run: Run, run_status: RunStatus) -> str:
    """Return the run in one sentence, without the target: `All 348 rules hold.`"""
    return {"conforms": _conforms, "fails": _fails}.get(run_status.outcome, _unjudged)(run, run_status)


def shortfall(run: Run) -> str | None:
    """Return why not everything was tested; None if it was, or if there is no reason."""
    return (run.footer.reason or None) if run.footer else None


def cautions(run: Run, run_status: RunStatus, drift: Drift | None = None) -> list[str]:
    """Return the sentences that belong next to the headline: an incomplete run, what moved, and entries about no rule."""
    found = [*_left(run), *(drift.sentences() if drift is not None else ())]
    reason = shortfall(run)
    if reason is not None and reason not in headline(run, run_status):
        found.append(f"Not all was tested: {reason.rstrip('.')}.")
    unmatched = (each.deviation for each in run_status.account.entries if each.state is EntryState.UNMATCHED)
    idle = (each.name for each in unmatched if not any(map(each.names, run.rules)))
    return [*found, *(f"The expected failure {name} names no rule of this description." for name in idle)]


_MOST_LEFT = 20  # ids that are shown


def _left(run: Run) -> list[str]:
    """Return what the run has created and could not delete, with ids; empty where nothing is left."""
    if run.footer is None or not run.footer.left:
        return []
    left = run.footer.left
    shown = ", ".join(left[:_MOST_LEFT]) + (f" and {len(left) - _MOST_LEFT} more" if len(left) > _MOST_LEFT else "")
    return [f"{len(left)} of {run.footer.created} created objects could not be deleted: {shown}."]


def _conforms(run: Run, run_status: RunStatus) -> str:
    counts = run_status.counts()
    known = counts[RuleStatus.KNOWN]
    if known:
        return f"No rule fails beyond {plural(known, 'expected failure')}."
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
        judged = run_status.judged
        rules = plural(judged, "rule" if judged == len(run.rules) else "judged rule")
        return f"{failed:,} of {rules} {'fails' if failed == 1 else 'fail'}."
    if stale:
        return f"{plural(stale, 'expected failure')} no longer {'holds' if stale == 1 else 'hold'}."
    return "The run failed."


def _unjudged(run: Run, run_status: RunStatus) -> str:
    failed = len(run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED))
    what = "The run was interrupted" if run_status.outcome == "interrupted" else "The run could not be judged"
    reason = (run.footer.reason if run.footer else "") or ""
    reason = reason.removeprefix("interrupted").removeprefix("; ")  # what was said already
    so_far = f"; {plural(failed, 'rule')} failed so far" if failed else ""
    return f"{what}{': ' + reason.rstrip('.') if reason else ''}{so_far}."
