"""The page on one client: client and version first, one request for each finding, the matrix, and no foreign markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from conformance.sdk.client_page import client_page
from conformance.sdk.report import one_case
from conformance.sdk.results import Results

HARNESS = ["python", "harness.py"]


@pytest.fixture(scope="module")
def text(deviating: Results) -> str:
    return client_page(deviating, HARNESS).decode()


def _rows(text: str, section: str) -> dict[str, list[str]]:
    """Return the rows of a matrix by member: the contents of their cells."""
    part = text.partition(f'<section id="{section}"')[2].partition("</section>")[0]
    rows = re.findall(r'<tr><th scope="row" class="id">(.*?)</th>(.*?)</tr>', part, re.DOTALL)
    return {unescape(name): [re.sub(r"<[^>]*>", "", cell) for cell in cells.split("</td>")[:-1]] for name, cells in rows}


def test_the_page_begins_with_client_and_version(text: str, deviating: Results) -> None:
    assert "<title>miniature 1 · client report</title>" in text
    heading = text.partition("<h1>")[2].partition("</h1>")[0]
    assert f"miniature 1: {len(deviating.failures)} MUST deviations" in heading


def test_each_finding_has_its_call_and_its_command(text: str, deviating: Results) -> None:
    shown = unescape(text)
    assert text.count('<article class="failure panel"') == len(deviating.findings)
    for finding in deviating.findings:
        assert one_case(finding, HARNESS) in shown
    assert '"enabled": false' in shown


def test_the_matrix_has_each_member_with_each_fate(text: str, deviating: Results) -> None:
    heads = text.partition('<section id="requests"')[2].partition("</thead>")[0]
    assert re.findall(r'class="number">(.*?)<', heads) == ["carried", "dropped", "mangled", "cannot express", "refused"]
    rows = _rows(text, "requests")
    assert list(rows) == list(deviating.members)
    assert rows["enabled"] == ["dropped", "1", "1", "–", "–", "–"]
    assert _rows(text, "responses") == {name: [word] for name, word in deviating.responses.items()}


def test_a_client_without_a_deviation_is_shown_as_one(deviating: Results) -> None:
    text = client_page(replace(deviating, findings=()), HARNESS).decode()
    assert "miniature 1: no MUST deviation" in text
    assert '<section class="verdict" data-status="PASS"' in text
    assert "<article" not in text


def test_what_a_client_sends_is_no_markup(deviating: Results) -> None:
    hostile = "</pre><script>alert(1)</script><img src=x onerror=y>"
    finding = replace(deviating.findings[0], actual=hostile, call={"query": {}, "body": {hostile: hostile}}, at=hostile)
    text = client_page(replace(deviating, client=hostile, findings=(finding,)), [hostile]).decode()
    assert text.count("<script>") == 1
    assert "<img" not in text
    assert hostile in unescape(text)
