"""The reports that other programs read are valid for them: summary, JUnit, HAR, Markdown, annotations."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import harfile
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from rich.console import Console

from reports.artifacts import write_all
from reports.expected_failures.entries import Deviation, ExpectedFailures
from reports.formats.badge import badge
from reports.formats.github import workflow_commands
from reports.formats.junit import junit
from reports.formats.markdown import markdown
from reports.formats.summary import summary
from reports.formats.terminal import print_summary
from reports.record.entries import Outcome, Verdict
from reports.record.reader import RecordError, read_run
from reports.record.recorded_run import Run
from reports.record.writer import RecordWriter
from reports.status import decide
from tests.examples import examples
from tests.reports.html.test_page import Elements
from tests.reports.synthetic.injections import PAYLOAD, injected

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[2] / "reports" / "schemas"
XSD = etree.XMLSchema(etree.parse(HERE / "junit.xsd"))


@cache
def schema(name: str) -> jsonschema.Draft202012Validator:
    text = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(text)
    return jsonschema.Draft202012Validator(text)


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("hostile") / "run.jsonl"
    with RecordWriter(path) as writer:
        for entry in injected(PAYLOAD + "\x00\x1b[31m\ufffe"):
            writer.write(entry)
    return read_run(path)


@pytest.fixture(params=["conforming_run", "failed_run", "hostile_run"])
def run(request: pytest.FixtureRequest) -> Run:
    found: Run = request.getfixturevalue(request.param)
    return found


def test_every_line_of_a_record_is_valid(conforming_record: Path, failed_record: Path) -> None:
    validator = schema("run")
    for record in (conforming_record, failed_record):
        for line in record.read_text().splitlines():
            validator.validate(json.loads(line))


def test_the_schema_of_a_record_refuses_what_is_invalid() -> None:
    validator = schema("run")
    assert validator.is_valid({"type": "weather", "rain": True})
    assert not validator.is_valid({"rain": True})
    assert not validator.is_valid({"type": "verdict", "rule": "r", "outcome": "MAYBE", "sides": {}})
    assert not validator.is_valid({"type": "footer", "outcome": "conforms"})


def test_the_summary_is_valid(run: Run) -> None:
    schema("summary").validate(json.loads(json.dumps(summary(run))))


def test_the_summary_of_a_failing_run(failed_run: Run) -> None:
    reported = summary(failed_run)
    assert (reported["outcome"], reported["exit"], reported["rules"]) == ("fails", 1, 319)
    assert reported["passed"] + len(reported["failed"]) + reported["errors"] + reported["skipped"] + reported["observed"] == 319
    assert reported["failed"] == [rule.id for rule, _ in failed_run.judged(Outcome.FAIL)]
    assert reported["not_judged"]["errors"]["state.medium.inherited"] == "429 Too Many Requests on all 5 attempts"
    assert reported["requests"] == 120
    assert reported["description"]["digest"]


def document(run: Run, known: ExpectedFailures | None = None) -> Any:
    tree = etree.fromstring(junit(run, decide(run, known)))
    XSD.assertValid(tree)
    return tree


def test_junit_is_valid(run: Run) -> None:
    tree = document(run)
    assert int(tree.get("tests")) == len(run.rules)
    assert len({case.get("name") for case in tree.iter("testcase")}) == len(run.rules)


def test_the_times_of_junit_sum_to_that_of_the_run(run: Run) -> None:
    tree = document(run)
    cases = sum(Decimal(case.get("time")) for case in tree.iter("testcase"))
    suites = sum(Decimal(suite.get("time")) for suite in tree.iter("testsuite"))
    assert cases == suites == Decimal(tree.get("time"))
    assert abs(float(cases) - run.seconds) <= 0.001
    assert all(Decimal(case.get("time")) >= 0 for case in tree.iter("testcase"))


def test_an_exchange_is_shared_out_among_its_rules(conforming_run: Run) -> None:
    """One rule with an exchange of 1 s of its own, two with one of 2 s: 2 s and 1 s of a run of 3 s, or of 6 s the double."""
    exchange = next(iter(conforming_run.exchanges.values()))
    exchanges = {1: replace(exchange, number=1, seconds=1.0), 2: replace(exchange, number=2, seconds=2.0)}
    first, second, *_ = conforming_run.rules
    named = {first: [1, 2], second: [2]}
    verdicts = {rule: replace(each, exchanges=named.get(rule, [])) for rule, each in conforming_run.verdicts.items()}
    assert conforming_run.footer is not None
    for seconds in (3.0, 6.0):
        footer = replace(conforming_run.footer, seconds=seconds)
        tree = document(replace(conforming_run, exchanges=exchanges, verdicts=verdicts, footer=footer))
        times = {case.get("name"): float(case.get("time")) for case in tree.iter("testcase")}
        assert {rule: time for rule, time in times.items() if time} == {first: seconds * 2 / 3, second: seconds / 3}


def test_junit_keeps_failure_and_error_apart(failed_run: Run) -> None:
    tree = document(failed_run)
    assert (tree.get("failures"), tree.get("errors")) == ("6", "2")
    suites = {suite.get("name"): suite for suite in tree}
    assert set(suites) == {rule.area for rule in failed_run.rules.values()}
    assert suites["state"].get("errors") == "1"
    failure = tree.find(".//testcase[@name='body.temperature.maximum']/failure")
    assert failure.get("message") == "temperature MUST NOT be above 1."
    assert "Expected: a refusal" in failure.text
    assert "curl -sS" in failure.text
    error = tree.find(".//testcase[@name='state.medium.inherited']/error")
    assert error.get("message") == "429 Too Many Requests on all 5 attempts"


def test_junit_shows_known_and_stale_deviations(failed_run: Run) -> None:
    entries = [
        Deviation(rule=rule, reason="agreed", expires=date(2027, 1, 1))
        for rule in ("body.temperature.maximum", "body.temperature.minimum")
    ]
    tree = document(failed_run, ExpectedFailures("known.toml", tuple(entries)))
    assert tree.find(".//testcase[@name='body.temperature.maximum']/skipped") is not None
    stale = tree.find(".//testcase[@name='body.temperature.minimum']/failure")
    assert "stale" in stale.get("message")


def test_markdown_leads_with_the_failures(failed_run: Run) -> None:
    text = markdown(failed_run)
    assert text.startswith("## ❌ 6 of 304 judged rules fail\\.")
    assert "`body.temperature.maximum`" in text
    assert "```sh\ncurl" in text


def test_markdown_holds_no_markup_of_others(hostile_run: Run) -> None:
    elements = Elements(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown(hostile_run)))
    assert not set(elements.tags) & {"img", "script", "svg", "style"}
    assert elements.attributes == [each for each in elements.attributes if each[1] in {"style", "class"}]


def test_the_badge(conforming_run: Run, failed_run: Run) -> None:
    conforming = badge(conforming_run, decide(conforming_run))
    assert (conforming["message"], conforming["color"]) == ("307/307 rules", "brightgreen")
    assert badge(failed_run, decide(failed_run))["color"] == "red"
    assert conforming_run.footer is not None
    partial = replace(conforming_run, footer=replace(conforming_run.footer, reason="the budget of 5 requests is spent"))
    reported = badge(partial, decide(partial))
    assert (reported["message"], reported["color"]) == ("307/307 rules, not all tested", "yellow")
    assert "\n\n⚠️ Not all was tested: the budget of 5 requests is spent" in markdown(partial)
    cut = replace(failed_run, footer=None)
    assert badge(cut, decide(cut))["message"] == "interrupted"


def test_annotations_say_what_fails(failed_run: Run) -> None:
    lines = list(workflow_commands(failed_run, decide(failed_run)))
    assert len(lines) == 6
    reported = "::error title=body.temperature.maximum::temperature MUST NOT be above 1.%0AExpected:"
    assert lines[1].startswith(reported)


def test_annotations_have_room_for_ten(failed_run: Run, hostile_run: Run) -> None:
    failing = {rule_id: replace(verdict, outcome=Outcome.FAIL) for rule_id, verdict in failed_run.verdicts.items()}
    every = replace(failed_run, verdicts=failing)
    lines = list(workflow_commands(every, decide(every)))
    assert len(lines) == 10
    assert lines[-1] == "::error title=Conformance::310 more rules fail; see report.html"
    assert all("\n" not in line for line in workflow_commands(hostile_run, decide(hostile_run)))


def test_the_terminal_names_each_failed_rule(failed_run: Run) -> None:
    console = Console(file=StringIO(), width=100)
    print_summary(failed_run, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for rule, verdict in failed_run.judged(Outcome.FAIL):
        assert rule.id in text
        assert verdict.failures[0].actual.split("\n")[0] in text
    assert 'Expected: joinTimeout: "30s"' in text
    assert "--data-raw '{\"temperature\": 1.5}'" in text
    assert "6 of 304 judged rules fail." in text


def test_the_terminal_says_how_to_replay_each_failure(failed_run: Run) -> None:
    console = Console(file=StringIO(), width=100)
    print_summary(failed_run, console, record="out/run.jsonl")
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for _, verdict in failed_run.judged(Outcome.FAIL):
        assert f"python -m conformance replay out/run.jsonl --exchange {verdict.failures[0].exchange}\n" in text


def test_no_line_of_a_log_ends_in_blanks(failed_run: Run) -> None:
    console = Console(file=StringIO(), width=100)
    print_summary(failed_run, console)
    lines = console.file.getvalue().split("\n")  # type: ignore[attr-defined]
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_terminal_is_not_steered_by_what_was_recorded(hostile_run: Run) -> None:
    console = Console(file=StringIO(), width=100)
    print_summary(hostile_run, console)
    assert "\x1b[31m" not in console.file.getvalue()  # type: ignore[attr-defined]


def test_all_is_written(failed_record: Path, tmp_path: Path) -> None:
    written = write_all(failed_record, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(written.files)
    assert written.exit == 1
    assert json.loads(written.files["summary.json"].read_text()) == written.summary
    archive = json.loads(written.files["exchanges.har"].read_text())["log"]
    assert archive["version"] == harfile.HAR_VERSION
    assert len(archive["entries"]) == 120
    assert archive["entries"][0]["request"]["url"].startswith("https://api.example.com/api/calls")


def test_a_report_is_whole_or_not_there(failed_record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all(failed_record, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def violates(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.artifacts.write_har", violates)
    with pytest.raises(OSError, match="No space left"):
        write_all(failed_record, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_that_is_no_record_leaves_no_report(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").write_text("{}")
    with pytest.raises(RecordError):
        write_all(tmp_path / "run.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_github_gets_its_summary_and_annotations(
    failed_record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "step.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    write_all(failed_record, tmp_path / "out")
    assert capsys.readouterr().out.count("::error") == 6
    assert page.read_text().startswith("before\n## ❌ 6 of 304")


@settings(examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_any_text_makes_valid_files(text: str, conforming_run: Run) -> None:
    verdict = Verdict(rule="status.created", outcome=Outcome.ERROR, sides={}, reason=text, observed=text)
    run = replace(
        conforming_run,
        verdicts={"status.created": verdict},
        rules={"status.created": conforming_run.rules["status.created"]},
    )
    document(run)
    markdown(run).encode(errors="replace")
    schema("summary").validate(summary(run))
