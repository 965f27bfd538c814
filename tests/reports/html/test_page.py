"""The page loads nothing, runs nothing but its own script, and shows every text as the text it is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.html.comparison import comparison_page
from reports.html.report import report_html
from reports.html.stored import unpacked
from reports.record.entries import Outcome, Request, Response
from reports.record.reader import read_run
from reports.record.recorded_run import Run
from reports.record.writer import RecordWriter
from reports.status import decide
from reports.trend.comparison import compare
from reports.trend.history import History
from tests.examples import examples
from tests.reports.synthetic.injections import PAYLOAD, injected

VOID = {"meta", "link", "br", "path", "rect", "circle", "use", "line", "input"}
FOREIGN = {"img", "iframe", "object", "embed", "base", "form-action", "audio", "video", "math"}
FRAGMENTS = [
    "<",
    ">",
    '"',
    "'",
    "&",
    "</script>",
    "<script>",
    "<!--",
    "-->",
    "]]>",
    "{{",
    "}}",
    "{%",
    "\\",
    "\u2028",
]
FRAGMENTS += [
    "<img src=x onerror=y>",
    " onload=z ",
    "javascript:alert(1)",
    "</style>",
    "</pre>",
    "\x00",
    "`",
    "${x}",
]


class Elements(HTMLParser):
    """All items and attributes of a page, and the content of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts[-1] += data


def page_of(run: Run, nights: History | None = None) -> str:
    return report_html(run, decide(run), record=Path("run.jsonl"), nights=nights).decode()


def fragments_of(page: str) -> dict[str, dict[str, str]]:
    """Return what the page holds back until it is looked at."""
    blocks = unpacked(page.encode())
    assert blocks.keys() == {"sections", "details", "exchanges"}
    return blocks


def run_of(payload: str, path: Path) -> Run:
    with RecordWriter(path) as writer:
        for entry in injected(payload):
            writer.write(entry)
    return read_run(path)


def check_escaped(page: str, conforming: set[str]) -> None:
    """The page has the items that the templates have, and no attribute that runs anything."""
    texts = [page, *(text for block in fragments_of(page).values() for text in block.values())]
    for text in texts:
        elements = Elements(text)
        assert set(elements.tags) <= conforming
        assert not set(elements.tags) & FOREIGN
        for tag, name, value in elements.attributes:
            assert not name.startswith("on"), (tag, name)
            assert name != "style", (tag, value)
            if name in {"href", "src"}:
                assert value.startswith(("#", "data:,", "http://", "https://")), (tag, value)


@pytest.fixture(scope="module")
def elements_of_a_failing_page(failed_run: Run) -> set[str]:
    page = page_of(failed_run)
    texts = [page, *(text for block in fragments_of(page).values() for text in block.values())]
    return {tag for text in texts for tag in Elements(text).tags}


@settings(examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(payload=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=18).map("".join))
def test_no_text_breaks_out(payload: str, tmp_path: Path, elements_of_a_failing_page: set[str]) -> None:
    check_escaped(page_of(run_of(payload, tmp_path / "run.jsonl")), elements_of_a_failing_page)


def test_the_usual_attempt_does_not_violate_out(tmp_path: Path, elements_of_a_failing_page: set[str]) -> None:
    run = run_of(PAYLOAD, tmp_path / "run.jsonl")
    page = page_of(run)
    check_escaped(page, elements_of_a_failing_page)
    assert "{{7*7}}" in page
    assert "{{7*7}}" in json.dumps(fragments_of(page)["exchanges"])
    compared = comparison_page(compare(run, run)).decode()
    assert not set(Elements(compared).tags) & {*FOREIGN}
    assert len(Elements(compared).scripts) == 1


def test_only_the_pages_own_script_may_run(failed_run: Run) -> None:
    page = page_of(failed_run)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    rules = dict(part.strip().split(" ", 1) for part in policy[1].replace("&#39;", "'").split(";"))
    script, style = Elements(page).scripts[-1], re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest(script)}'"
    assert rules["style-src"] == f"'sha256-{digest(style[1])}'"


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_is_loaded(failed_run: Run) -> None:
    loads = {("link", "href"), ("script", "src"), ("img", "src"), ("use", "href"), ("link", "rel")}
    found = {(tag, name, value) for tag, name, value in Elements(page_of(failed_run)).attributes if (tag, name) in loads}
    outside = {each for each in found if not each[2].startswith(("#", "data:")) and each[2] != "icon"}
    assert outside == set()
    assert "url(" not in page_of(failed_run)
    assert "@import" not in page_of(failed_run)


def test_each_failure_stands_on_the_page_itself(failed_run: Run) -> None:
    """Without a script, verdict and failures are all there."""
    page = re.sub(r"<script.*?</script>", "", page_of(failed_run), flags=re.DOTALL)
    assert "6 of 304 judged rules fail." in page
    for text in (
        "Expected",
        "Actual",
        "curl -sS",
        "response.joinTimeout.default",
        "&#34;temperature&#34;: 1.5",
    ):
        assert text in page


def test_levels_of_which_nothing_was_judged_say_why(failed_run: Run) -> None:
    skipped = {
        rule_id: replace(failed_run.verdicts[rule_id], outcome=Outcome.SKIP, failures=[], reason="not selected")
        for rule_id, rule in failed_run.rules.items()
        if rule.level == "SHOULD"
    }
    page = page_of(replace(failed_run, verdicts={**failed_run.verdicts, **skipped}))
    assert f"<td>{len(skipped)} skipped</td>" in page


def test_keys_are_never_shown(failed_run: Run) -> None:
    secret = "s3cret-of-ours"
    names = ["X-API-Key", "authorization", "Cookie", "Set-Cookie", "X-Session-Token", "Proxy-Authorization"]
    headers = dict.fromkeys(names, secret)
    verdicts = {}
    for rule_id, verdict in failed_run.verdicts.items():
        failures = [
            replace(
                each,
                request=replace(each.request, headers=headers),
                response=Response(status=201, headers=headers, body="{}"),
            )
            for each in verdict.failures
        ]
        verdicts[rule_id] = replace(verdict, failures=failures)
    exchanges = {
        number: replace(
            each,
            request=Request(method="POST", path="/", headers=headers),
            response=Response(status=201, headers=headers),
        )
        for number, each in failed_run.exchanges.items()
    }
    page = page_of(replace(failed_run, verdicts=verdicts, exchanges=exchanges))
    whole = page + json.dumps(fragments_of(page))
    assert secret not in whole
    assert "[redacted]" in whole


def test_links_lead_to_the_source_only_where_it_is_a_web_address(failed_run: Run) -> None:
    def page_with(source: str) -> str:
        rules = {each: replace(rule, source=source, quote="q") for each, rule in failed_run.rules.items()}
        return page_of(replace(failed_run, rules=rules))

    assert 'href="https://example.com/api#/x"' in page_with("https://example.com/api#/x")
    assert "javascript:" not in {value[:11] for _, _, value in Elements(page_with("javascript:alert(1)")).attributes}


def test_a_record_that_was_cut_off_makes_a_page(failed_record: Path, tmp_path: Path) -> None:
    content = failed_record.read_bytes()
    cut = tmp_path / "run.jsonl"
    for left in (0.05, 0.3, 0.9):
        cut.write_bytes(content[: int(len(content) * left)])
        assert "The run was interrupted" in page_of(read_run(cut))


def test_hundreds_of_rules_with_long_bodies_stay_below_a_megabyte(failed_run: Run) -> None:
    long = {
        number: replace(each, request=replace(each.request, body=json.dumps(["x" * 90] * 500)))
        for number, each in failed_run.exchanges.items()
    }
    assert len(page_of(replace(failed_run, exchanges=long))) < 1_000_000
