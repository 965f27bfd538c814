"""The summary of a run as plain data: `summary.json`, and what a history keeps of a night."""

from __future__ import annotations

from typing import Any

from reports.reasons import reason_of
from reports.record.entries import Outcome
from reports.record.latency import Latency
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus, decide

_PERCENTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}


def summary(run: Run, run_status: RunStatus | None = None) -> dict[str, Any]:
    """Return the figures of a run as JSON data, as `reports/schemas/summary.schema.json` describes it.

    `failed` lists the rules that turn the run red; `known` lists the expected failures.
    """
    run_status = run_status or decide(run)
    counts = run_status.counts()
    return {
        "format": 2,
        "outcome": run_status.outcome,
        "exit": run_status.exit,
        "reason": run.footer.reason if run.footer else "the record was cut off",
        "rules": len(run.rules),
        "passed": counts[RuleStatus.PASS],
        "failed": run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED),
        "errors": counts[RuleStatus.ERROR],
        "skipped": counts[RuleStatus.SKIP],
        "observed": counts[RuleStatus.OBSERVED],
        "requests": run.requests,
        "created": run.footer.created if run.footer else None,
        "most_live": run.footer.most_live if run.footer else None,
        "left": run.footer.left if run.footer else None,
        "seconds": round(run.seconds, 3),
        "known": run_status.rules(RuleStatus.KNOWN),
        "stale": run_status.rules(RuleStatus.STALE),
        "expired": run_status.rules(RuleStatus.EXPIRED),
        "failures": [_failed(run, rule_id) for rule_id in run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED)],
        "not_judged": {
            "errors": _reasons(run, Outcome.ERROR),
            "skipped": _reasons(run, Outcome.SKIP),
        },
        "observations": {rule.id: verdict.observed or "" for rule, verdict in run.judged(Outcome.OBSERVED)},
        "levels": _levels(run),
        "latency": _latency(run.traffic.latency),
        "statuses": run.traffic.statuses,
        **_origin(run),
    }


def _failed(run: Run, rule_id: str) -> dict[str, Any]:
    rule, verdict = run.rules[rule_id], run.verdicts[rule_id]
    return {
        "rule": rule_id,
        "level": rule.level,
        "requirement": rule.requirement,
        "failures": [
            {
                "side": failure.side,
                "expected": failure.expected,
                "actual": failure.actual,
                "body": failure.request.body,
                "exchange": failure.exchange,
                "cause": failure.cause,
                "intermittent": failure.intermittent,
            }
            for failure in verdict.failures
        ],
    }


def _reasons(run: Run, outcome: Outcome) -> dict[str, str]:
    return {rule.id: reason_of(verdict) for rule, verdict in run.judged(outcome)}


def _levels(run: Run) -> dict[str, dict[str, int]]:
    levels: dict[str, dict[str, int]] = {}
    for rule_id, rule in run.rules.items():
        outcomes = levels.setdefault(rule.level, {})
        outcome = run.verdicts[rule_id].outcome
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return levels


def _latency(latency: Latency) -> dict[str, float]:
    figures = {name: latency.percentile(share) for name, share in _PERCENTILES.items()}
    return {name: round(value, 6) for name, value in {**figures, "max": latency.longest}.items()}


def _origin(run: Run) -> dict[str, Any]:
    header = run.header
    return {
        "suite": header.suite,
        "started": header.started,
        "finished": run.footer.finished if run.footer else None,
        "target": header.target,
        "embedded": header.embedded,
        "operation": header.operation,
        "profile": header.profile,
        "seed": header.seed,
        "strict": header.strict,
        "description": header.description,
        "overlays": header.overlays,
        "versions": header.versions,
        "command": header.command,
        "notes": [*header.notes, *run.notes],
    }
