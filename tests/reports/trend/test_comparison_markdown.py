"""A comparison in Markdown: what broke in the open, the rest folded up, and recorded text as text."""

from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt

from reports.record.entries import Outcome
from reports.record.recorded_run import Run
from reports.trend.comparison import compare
from reports.trend.comparison_markdown import comparison_markdown

RULE = "body.temperature.maximum"


def test_it_begins_with_the_outcome(conforming_run: Run, failed_run: Run) -> None:
    broke = comparison_markdown(compare(conforming_run, failed_run))
    assert broke.startswith("## ❌ 6 rules broke, 3 are no longer judged")
    assert "### Broke (6)" in broke
    assert f"- `{RULE}`" in broke
    assert "<details><summary>No longer judged (3)</summary>" in broke
    assert comparison_markdown(compare(conforming_run, conforming_run)) == "## ✅ No rule broke\\.\n"


def test_a_rule_that_was_skipped_before_stands_apart(conforming_run: Run, failed_run: Run) -> None:
    skipped = replace(conforming_run.verdicts[RULE], outcome=Outcome.SKIP)
    old = replace(conforming_run, verdicts={**conforming_run.verdicts, RULE: skipped})
    text = comparison_markdown(compare(old, failed_run))
    assert "### Broke (5)" in text
    assert "### Fail, not judged before (1)" in text


def test_recorded_text_stays_text(conforming_run: Run, failed_run: Run) -> None:
    failures = [replace(each, actual="<img src=x>\n\n# title") for each in failed_run.verdicts[RULE].failures]
    verdicts = {**failed_run.verdicts, RULE: replace(failed_run.verdicts[RULE], failures=failures)}
    html = MarkdownIt().render(comparison_markdown(compare(conforming_run, replace(failed_run, verdicts=verdicts))))
    assert "<img" not in html
    assert "<h1>" not in html


def test_a_long_section_is_cut(conforming_run: Run) -> None:
    nothing = {rule: replace(each, outcome=Outcome.SKIP) for rule, each in conforming_run.verdicts.items()}
    text = comparison_markdown(compare(conforming_run, replace(conforming_run, verdicts=nothing)))
    assert len(text.splitlines()) < 100
    assert "more" in text
