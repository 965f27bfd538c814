"""The run as Markdown for a CI page or a chat, failures first."""

from __future__ import annotations

from reports.difference.drift import Drift
from reports.difference.formats import table
from reports.formats.markdown_text import code, fenced, plain
from reports.quantities import plural
from reports.reasons import shared_reasons
from reports.record.entries import Failure
from reports.record.recorded_run import Run
from reports.reproduce import curl
from reports.spoken import Spoken
from reports.status import RuleStatus, RunStatus, decide
from reports.wording import cautions, headline

# A summary is read on a page that cuts off after a mebibyte; the report holds the rest.
_MOST_FAILURES = 25
_MOST_REASONS = 50
_MOST_RULES = 20  # of one reason
_LONGEST_SNIPPET = 4_000


def markdown(
    run: Run,
    run_status: RunStatus | None = None,
    drift: Drift | None = None,
    spoken: Spoken | None = None,
    news: str | None = None,
) -> str:
    """Return the run in GitHub's Markdown: what moved since the last night, its `news`, and which description is spoken."""
    run_status = run_status or decide(run)
    mark = {"conforms": "✅", "fails": "❌"}.get(run_status.outcome, "⚠️")
    warned = [f"⚠️ {plain(each)}" for each in cautions(run, run_status, drift)]
    since = [f"**Since last night:** {plain(news)}"] if news else []
    parts = [f"## {mark} {plain(headline(run, run_status))}", *warned, *since, _figures(run, run_status)]
    parts[1:1] = [] if spoken is None else _spoken(spoken)
    parts += [] if drift is None else _moved(drift)
    parts += _failures(run, run_status)
    parts += _listed("Expected failures", [code(each) for each in run_status.rules(RuleStatus.KNOWN)])
    parts += _listed("Stale expectations", [f"{code(each)}: passes" for each in run_status.rules(RuleStatus.STALE)])
    parts += _reasons("Not judged", run, run_status, RuleStatus.ERROR)
    parts += _reasons("Skipped", run, run_status, RuleStatus.SKIP)
    parts += [plain(note) for note in run.notes]
    return "\n\n".join(parts) + "\n"


def _spoken(spoken: Spoken) -> list[str]:
    """Return which description the server speaks, and the rules on which it differs from each."""
    heads = " | ".join(plain(each.name) for each in spoken.descriptions)
    rows = [
        f"| {code(row.rule)} | " + " | ".join(plain(side.status or "no such rule") for side in row.sides) + " |"
        for row in spoken.rows[:_MOST_REASONS]
    ]
    table = "\n".join([f"| rule | {heads} |", "|---|---|---|", *rows])
    return [f"**{plain(spoken.sentence())}**", *([table] if rows else [])]


def _moved(drift: Drift) -> list[str]:
    """Return the difference of the descriptions of both nights, folded up."""
    if not drift.changes:
        return []
    return ["<details><summary>What moved</summary>", table(drift.changes), "</details>"]


def _figures(run: Run, run_status: RunStatus) -> str:
    counts = run_status.counts()
    heads = [rule_status for rule_status in RuleStatus if counts[rule_status]]
    latency = run.traffic.latency
    rows = [
        "| " + " | ".join(rule_status.lower() for rule_status in heads) + " | requests | seconds | p50 | p95 |",
        "|" + "---:|" * (len(heads) + 4),
        "| "
        + " | ".join(str(counts[rule_status]) for rule_status in heads)
        + f" | {run.requests} | {run.seconds:.1f}"
        + f" | {latency.percentile(0.5) * 1000:.0f} ms | {latency.percentile(0.95) * 1000:.0f} ms |",
    ]
    header = run.header
    about = f"{code(header.operation)} at {code(header.target)}, profile {code(header.profile)}"
    return f"{about}, seed {header.seed}" + "\n\n" + "\n".join(rows)


def _failures(run: Run, run_status: RunStatus) -> list[str]:
    failed = run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED)
    parts = ["### Failed rules"] if failed else []
    for rule_id in failed[:_MOST_FAILURES]:
        rule, verdict = run.rules[rule_id], run.verdicts[rule_id]
        expired = " (its expected failure has expired)" if run_status.rule_statuses[rule_id] is RuleStatus.EXPIRED else ""
        parts.append(f"#### {code(rule_id)} {plain(rule.level)}{expired}\n\n{plain(rule.requirement)}")
        parts += [_failure(failure, run) for failure in verdict.failures[:1]]
    if len(failed) > _MOST_FAILURES:
        parts.append(f"… and {plural(len(failed) - _MOST_FAILURES, 'more failed rule')}; the report has them all.")
    return parts


def _failure(failure: Failure, run: Run) -> str:
    command = curl(failure.request, run.header.target, run.header.credentials)
    return "\n\n".join(
        [
            f"- **Expected:** {plain(failure.expected)}\n- **Actual:** {plain(failure.actual)}",
            fenced(command) if len(command) <= _LONGEST_SNIPPET else "The request is in the report.",
        ]
    )


def _reasons(title: str, run: Run, run_status: RunStatus, rule_status: RuleStatus) -> list[str]:
    """Return the rules that were not judged, under the reason that they share."""
    shared = shared_reasons(run, run_status, rule_status)
    rows = [f"{plain(each.reason)} ({len(each.rules)}): {_codes(each.rules)}" for each in shared]
    return _listed(title, rows, sum(len(each.rules) for each in shared))


def _codes(rules: list[str]) -> str:
    more = len(rules) - _MOST_RULES
    return ", ".join(map(code, rules[:_MOST_RULES])) + (f" and {more} more" if more > 0 else "")


def _listed(title: str, rows: list[str], count: int | None = None) -> list[str]:
    if not rows:
        return []
    left = len(rows) - _MOST_REASONS
    lines = [*(f"- {row}" for row in rows[:_MOST_REASONS]), *([f"- … and {left} more"] if left > 0 else [])]
    shown = len(rows) if count is None else count
    return [f"<details><summary>{title} ({shown})</summary>\n\n" + "\n".join(lines) + "\n\n</details>"]
