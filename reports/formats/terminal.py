"""The end of a run on the terminal: every failed rule with the request that shows it.

Recorded strings pass through `printable`: a response must not steer the terminal.
"""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.syntax import Syntax
from rich.text import Text

from reports.body_lines import printable, shown_body
from reports.difference.drift import Drift
from reports.quantities import duration, plural
from reports.reasons import shared_reasons
from reports.record.entries import Failure
from reports.record.recorded_run import Run
from reports.reproduce import Place
from reports.spoken import Spoken
from reports.status import RuleStatus, RunStatus, decide
from reports.wording import cautions, headline

_STYLES = {"conforms": "bold green", "fails": "bold red"}
_COLOURS = {
    RuleStatus.PASS: "green",
    RuleStatus.FAIL: "bold red",
    RuleStatus.EXPIRED: "bold red",
    RuleStatus.STALE: "bold red",
    RuleStatus.KNOWN: "yellow",
    RuleStatus.ERROR: "magenta",
    RuleStatus.SKIP: "dim",
    RuleStatus.OBSERVED: "blue",
}
_WORDS = {
    RuleStatus.PASS: "passed",
    RuleStatus.FAIL: "failed",
    RuleStatus.EXPIRED: "failed (expectation expired)",
    RuleStatus.STALE: "stale",
    RuleStatus.KNOWN: "known",
    RuleStatus.ERROR: "not judged",
    RuleStatus.SKIP: "skipped",
    RuleStatus.OBSERVED: "observed",
}
_MOST_FAILURES = 50
_LONGEST = 2_000


def print_summary(
    run: Run,
    console: Console,
    run_status: RunStatus | None = None,
    *,
    record: str = "run.jsonl",
    drift: Drift | None = None,
    spoken: Spoken | None = None,
) -> None:
    """Print the failed rules, the rules that were not judged, one sentence, and what moved since the last night.

    `record` is the path to replay from. Of a run judged by two descriptions, the rules follow on which the server differs.
    """
    run_status = run_status or decide(run)
    failed = run_status.rules(RuleStatus.FAIL, RuleStatus.EXPIRED)
    for rule_id in failed[:_MOST_FAILURES]:
        _print_rule(run, run_status, rule_id, console, record)
    if len(failed) > _MOST_FAILURES:
        console.print(f"… and {plural(len(failed) - _MOST_FAILURES, 'more failed rule')}, all in the report.\n")
    for rule_id in run_status.rules(RuleStatus.STALE):
        console.print(Text.assemble(("STALE  ", "bold red"), (printable(rule_id), "bold"), " passes: take it off the list."))
    for shared in shared_reasons(run, run_status, RuleStatus.ERROR)[:_MOST_FAILURES]:
        more = f" and {plural(len(shared.rules) - 1, 'more rule')}" if len(shared.rules) > 1 else ""
        rules = f"{printable(shared.rules[0])}{more}"
        console.print(Text.assemble(("ERROR  ", "magenta"), (rules, "bold"), f"  {printable(shared.reason)}"))
    for note in run.notes:
        console.print(Text(printable(note), "yellow"))
    if spoken is not None:
        _print_spoken(spoken, console)
    _print_figures(run, run_status, console, drift)


def _print_spoken(spoken: Spoken, console: Console) -> None:
    names = [printable(each.name) for each in spoken.descriptions]
    for row in spoken.rows[:_MOST_FAILURES]:
        line = Text(printable(row.rule), "bold")
        for name, side in zip(names, row.sides, strict=True):
            word = "no such rule" if side.status is None else _WORDS[side.status]
            line.append_text(Text.assemble((f"  {name}: ", "dim"), (word, _COLOURS.get(side.status or RuleStatus.SKIP, ""))))
        console.print(line, soft_wrap=True)
    if len(spoken.rows) > _MOST_FAILURES:
        console.print(f"… and {plural(len(spoken.rows) - _MOST_FAILURES, 'more rule')}, all in the report.")
    console.print(Text(printable(spoken.sentence()), "bold"), soft_wrap=True)


def _print_rule(run: Run, run_status: RunStatus, rule_id: str, console: Console, record: str) -> None:
    rule, verdict = run.rules[rule_id], run.verdicts[rule_id]
    word = "FAIL   " if run_status.rule_statuses[rule_id] is RuleStatus.FAIL else "EXPIRED"
    console.print(Text.assemble((word, "bold red"), " ", (printable(rule_id), "bold"), (f"  {printable(rule.level)}", "dim")))
    _print_indented(console, Text(printable(rule.requirement)), 2)
    if rule.quote:
        _print_indented(console, Text(f"“{printable(rule.quote)}”", "italic dim"), 2)
    for failure in verdict.failures[:2]:
        _print_failure(run, failure, console, record)
    if len(verdict.failures) > 2:
        _print_indented(console, Text(f"… {plural(len(verdict.failures) - 2, 'more way')} to fail", "dim"), 2)
    console.print()


def _print_failure(run: Run, failure: Failure, console: Console, record: str) -> None:
    rows = Text.assemble(
        (f"{printable(failure.side)}\n", "dim"),
        ("Expected: ", "green"),
        f"{printable(failure.expected)}\n",
        ("Actual:   ", "red"),
        printable(failure.actual),
    )
    _print_indented(console, rows, 2)
    place = Place(run.header.target, run.header.credentials, record)
    snippets = place.snippets(failure.request, rule="", exchange=failure.exchange)
    command = printable(snippets.curl)
    if failure.request.body is not None:
        body = shown_body(failure.request.body)
        _print_indented(console, Syntax(_cut(body), "json", background_color="default", word_wrap=True), 4)
    if len(command) <= _LONGEST:
        # Soft-wrapped, so that it can be copied from the terminal as one command.
        console.print(Text(command, "cyan"), soft_wrap=True)
    else:
        _print_indented(console, Text("The request is long; the report shows it.", "dim"), 2)
    console.print(Text(printable(snippets.replay), "cyan"), soft_wrap=True)


def _print_indented(console: Console, content: RenderableType, by: int) -> None:
    """Print the content indented, with no blanks at the end of its lines: a log keeps them, and a diff shows them."""
    options = console.options.update_width(console.width - by)
    for segments in console.render_lines(content, options, pad=False):
        line = Text.assemble(*((each.text, each.style or "") for each in segments))
        line.rstrip()
        console.print(Text(" " * by) + line if line else line, soft_wrap=True)


def _print_figures(run: Run, run_status: RunStatus, console: Console, drift: Drift | None) -> None:
    counts = run_status.counts()
    figures = Text(" · ").join(
        Text(f"{counts[rule_status]:,} {_WORDS[rule_status]}", _COLOURS[rule_status])
        for rule_status in _WORDS
        if counts[rule_status]
    )
    console.print(Text(printable(headline(run, run_status)), _STYLES.get(run_status.outcome, "bold yellow")))
    for caution in cautions(run, run_status, drift):
        console.print(Text(printable(caution), "bold yellow"))
    console.print(figures)
    latency = run.traffic.latency
    console.print(
        Text(
            f"{plural(run.requests, 'request')} in {duration(run.seconds)}"
            f" · p50 {duration(latency.percentile(0.5))} · p95 {duration(latency.percentile(0.95))}"
            f" · {printable(run.header.target)}",
            "dim",
        )
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
