"""Tests of the trend as people see it: since when a rule fails, and whether the nights can be read on any screen."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from reports.html.report import report_html
from reports.record.reader import read_run
from reports.status import decide
from reports.trend.history import keep, load
from tests.reports.browser.conftest import TOOL_RULE, Opener
from tests.reports.synthetic.nights import write_history


def test_the_trend_reports_since_when(trend_page: Path, opened: Opener) -> None:
    page = opened(trend_page, "#trend").page
    expect(page.locator("#trend")).to_contain_text("fails since 14 Nov 2026, failed on 9 of 90 nights")
    expect(page.locator("#trend .trend-row", has_text=TOOL_RULE)).to_contain_text("flaky")
    expect(page.locator("#known")).to_contain_text("stale")


@pytest.mark.parametrize("nights", [3, 10, 90])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_trend_can_be_read(nights: int, width: int, few_record: Path, opened: Opener) -> None:
    """Every night is a column of its own on the screen, and the last one is in sight."""
    page_path = few_record.with_name(f"trend-{nights}.html")
    history = few_record.with_name(f"history-{nights}")
    if not page_path.exists():
        write_history(history, few_record, nights)
        run = read_run(few_record)
        keep(history, run, decide(run))
        page_path.write_bytes(report_html(run, decide(run), record=few_record, nights=load(history, run)))
    page = opened(page_path, viewport={"width": width, "height": 844}).page
    page.locator("#trend").scroll_into_view_if_needed()
    boxes = page.evaluate(BOXES)
    assert len(boxes) == nights
    assert all(box["width"] >= 2 for box in boxes)
    assert all(after["x"] - before["x"] - before["width"] >= 0.5 for before, after in pairwise(boxes))
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert boxes[-1]["height"] > 5
    labels = page.locator("#trend figcaption span, #trend .up span")
    sizes = labels.evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize))")
    assert len(sizes) == 4
    assert min(sizes) >= 11
    first, last = (label.bounding_box() for label in labels.all()[2:])
    assert first is not None
    assert last is not None
    assert first["x"] + first["width"] < last["x"]


# Where the columns with the outcome of each night are on the screen.
BOXES = """[...document.querySelectorAll("#trend figure svg g")].map((night) => {
    const { x, width, height } = night.lastElementChild.getBoundingClientRect();
    return { x, width, height };
})"""
