"""Tests of the report on paper: three pages at most for a sound run, and one at most for each failure."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page
from pypdf import PdfReader

from reports.html.report import report_html
from reports.record.reader import read_run
from reports.status import decide
from tests.reports.browser.conftest import Opener

_SOUND = 3  # pages


def printed(page: Page, paper: str = "A4") -> list[str]:
    """Return the text of each page that the report takes on paper."""
    return [each.extract_text() for each in PdfReader(BytesIO(page.pdf(format=paper))).pages]


def test_a_sound_run_takes_three_pages(conforming_page: Path, opened: Opener) -> None:
    page = opened(conforming_page).page
    for paper in ("A4", "Letter"):
        pages = printed(page, paper)
        assert 1 <= len(pages) <= _SOUND
        assert "judged rules hold" in pages[0]
        assert "About this run" in "".join(pages)


def test_a_run_with_a_history_takes_a_page_for_each_failure(trend_page: Path, opened: Opener) -> None:
    page = opened(trend_page).page
    pages = printed(page)
    assert len(pages) <= _SOUND + page.locator(".failure").count()
    assert "Trend" in "".join(pages)


def test_a_failure_takes_one_page_however_long_it_is(failing_page: Path, opened: Opener, tmp_path: Path) -> None:
    """Bodies of 400 lines, and sentences of a page: each failure still begins and ends on one page."""
    run = read_run(failing_page.parent.parent / "failing.jsonl")
    lines = "{" + ", ".join(f'"member{index}": {index}' for index in range(400)) + "}"
    verdicts = {
        rule: replace(
            each,
            failures=[
                replace(
                    failure,
                    request=replace(failure.request, body=lines),
                    response=None if failure.response is None else replace(failure.response, body=lines),
                    expected=f"{failure.expected} " * 60,
                    actual=f"{failure.actual} " * 60,
                )
                for failure in each.failures
            ],
        )
        for rule, each in run.verdicts.items()
    }
    long = replace(run, verdicts=verdicts)
    path = tmp_path / "long.html"
    path.write_bytes(report_html(long, decide(long), record=Path("run.jsonl")))
    page = opened(path).page
    pages = printed(page)
    cards = page.locator(".failure").count()
    assert cards >= 5
    assert len(pages) <= _SOUND + cards
    assert sum(text.count("Expected") for text in pages) == cards
    assert all(text.count("curl -sS") == text.count("Expected") for text in pages)


def test_what_is_for_a_screen_is_not_printed(failing_page: Path, opened: Opener) -> None:
    text = "".join(printed(opened(failing_page).page))
    assert "Field map" not in text
    assert "Show all" not in text
    assert "body.temperature.maximum" in text
