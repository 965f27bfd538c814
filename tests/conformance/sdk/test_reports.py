"""Reports: one request for each finding, the client in the header, the matrix, and data that reads back as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.cli.main import main
from conformance.sdk.page import page
from conformance.sdk.report import report, terminal
from conformance.sdk.results import Results, read_results
from tests.conformance.sdk.conftest import MINIATURE, Try, small_description
from tests.openapi.synthetic import written

HARNESS = ["python", "harness.py"]


def test_the_report_names_client_and_version_and_reproduces_each_finding(deviating: Results) -> None:
    text = report(deviating, HARNESS)
    assert text.startswith("# miniature 1\n")
    assert "### dropped: enabled\n" in text
    for finding in deviating.findings:
        assert f"python -m conformance sdk --select {finding.case} -- python harness.py" in text
    assert '- intended: `{"query": {}, "body": {"enabled": false}}`' in text
    assert "- arrived: query `{}`, body `{}`" in text


def test_the_report_shows_the_matrix(deviating: Results) -> None:
    text = report(deviating, HARNESS)
    assert "| `enabled` | dropped | 1 carried, 1 dropped |" in text
    assert "| `id` | carried |" in text


def test_the_terminal_shows_findings_and_a_summary(deviating: Results) -> None:
    lines = terminal(deviating).splitlines()
    assert "MUST    dropped: enabled" in lines
    assert lines[-1].startswith("miniature 1: ")
    assert re.fullmatch(r"\d+ of \d+ members carried, .*\d+ dropped.*", lines[-2])


def test_what_is_not_there_is_a_word_and_no_value(deviating: Results) -> None:
    text = report(deviating, HARNESS)
    assert ": absent\n" in text
    assert ": `absent`\n" not in text


def test_results_read_back_as_they_were(deviating: Results, tmp_path: Path) -> None:
    deviating.write(tmp_path / "results.json")
    assert read_results(tmp_path / "results.json") == deviating


def test_a_page_compares_clients(trial: Try, deviating: Results) -> None:
    other = trial("unsupported", "call/*")
    text = page([deviating, other], {"miniature": HARNESS}, "make page")
    assert "as `make page` found it" in text
    assert "| `enabled` | dropped 1/2 | carried |" in text
    assert "| `labels` | dropped 1/" in text
    assert "cannot express |" in text


def test_two_trials_give_the_same_results(trial: Try) -> None:
    select = ("call/whole/*", "response/edge/*", "call/[?]*")
    assert trial("truncates-digits", *select) == trial("truncates-digits", *select)


def run(tmp_path: Path, *arguments: str) -> int:
    options = ["--openapi", written(tmp_path, small_description()), "--no-overlay", "--out", str(tmp_path / "out")]
    return main(["sdk", *options, *arguments])


@pytest.mark.parametrize(("how", "status"), [("", 0), ("sends-null", 0), ("drops-falsy", 1), ("chatters", 3)])
def test_the_status_says_how_the_client_did(tmp_path: Path, how: str, status: int) -> None:
    assert run(tmp_path, "--select", "call/enabled/*", "--", "python3", str(MINIATURE), how) == status
    for name in ("results.json", "report.html", "report.md"):
        assert (tmp_path / "out" / name).is_file() == (status < 2)


def test_an_invalid_command_or_selection_is_an_error_of_the_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--", "no-such-harness") == 2
    assert run(tmp_path, "--select", "nothing", "--", "python3", str(MINIATURE)) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == "python -m conformance: no-such-harness: No such file or directory"
    assert second == "python -m conformance: --select nothing: no case has such an id"
