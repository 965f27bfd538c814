"""Why rules were not judged: the reason of each, and the rules that share one."""

from __future__ import annotations

from dataclasses import dataclass

from reports.record.entries import Verdict
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus


@dataclass(frozen=True, slots=True)
class SharedReason:
    """A reason, and the rules that have it, in the order of the catalogue."""

    rule_status: RuleStatus
    reason: str
    rules: list[str]


def reason_of(verdict: Verdict) -> str:
    """Return the reason of a verdict."""
    return verdict.reason or "no reason was recorded"


def shared_reasons(run: Run, run_status: RunStatus, *rule_statuses: RuleStatus) -> list[SharedReason]:
    """Return the reasons of the rules with these statuses: by status, then by the number of rules, the most first."""
    found: dict[tuple[RuleStatus, str], SharedReason] = {}
    for rule_status in rule_statuses:
        for rule_id in run_status.rules(rule_status):
            reason = reason_of(run.verdicts[rule_id])
            found.setdefault((rule_status, reason), SharedReason(rule_status, reason, [])).rules.append(rule_id)
    return sorted(found.values(), key=lambda each: (rule_statuses.index(each.rule_status), -len(each.rules)))
