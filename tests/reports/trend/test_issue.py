"""The text of an issue: a title, the failed rules with the night since which each fails, and nothing that is not text."""

from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt

from reports.record.recorded_run import Run
from reports.status import decide
from reports.trend.history import Night
from reports.trend.issue import issue
from reports.trend.news import news
from reports.trend.trends import trends

RULE = "body.temperature.maximum"


def nights(run: Run, count: int) -> list[Night]:
    """Return nights on which the rule failed and all others held, the last one as the run is."""
    last = {rule: str(status) for rule, status in decide(run).rule_statuses.items()}
    before = dict.fromkeys(last, "PASS") | {RULE: "FAIL"}
    common = {"outcome": "fails", "profile": "", "seed": 0, "requests": 0, "seconds": 0.0, "latency": {}, "digest": ""}
    return [
        Night(started=f"2026-11-{22 - ago:02}", rule_statuses=before if ago else last, **common)  # type: ignore[arg-type]
        for ago in range(count - 1, -1, -1)
    ]


def text_of(run: Run, count: int) -> str:
    reported = trends(nights(run, count), run.rules)
    return issue(run, decide(run), news(reported), reported)


def test_the_title_is_the_headline_and_each_rule_has_its_first_night(failed_run: Run) -> None:
    title, _, body = text_of(failed_run, 4).partition("\n\n")
    assert title == "# 6 of 304 judged rules fail in POST /api/calls"
    rows = {row.split("`")[1]: [cell.strip() for cell in row.split(" | ")] for row in body.splitlines() if "| `" in row}
    assert len(rows) == 6
    assert rows[RULE][1:3] == ["19 Nov 2026", "4"]
    assert rows["response.joinTimeout.default"][1:3] == ["22 Nov 2026", "1"]
    assert "5 rules fail since last night, 1 rule fails for up to 4 nights" in body


def test_a_repaired_rule_is_named(conforming_run: Run) -> None:
    text = text_of(conforming_run, 2)
    assert f"Repaired: `{RULE}`" in text
    assert "| rule |" not in text


def test_no_recorded_text_breaks_out_of_its_cell(failed_run: Run) -> None:
    hostile = "a | b\n\n# title <img src=x> `c` @everyone"
    failures = [replace(each, actual=hostile) for each in failed_run.verdicts[RULE].failures]
    run = replace(failed_run, verdicts={**failed_run.verdicts, RULE: replace(failed_run.verdicts[RULE], failures=failures)})
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text_of(run, 1))
    assert html.count("<h1>") == 1
    assert "<img" not in html
    row = next(each for each in html.split("<tr>") if RULE in each)
    assert row.count("<td") == 4
