"""Checks of one's own on the command line: named in the settings, they are in the record, the reports and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml

from tests.conformance.conftest import Command
from tests.conformance.sessions import ORDERS

CODE = """\
from ultravox_conformance import check

@check("acme.short", "MUST", "id MUST be short.")
def short(exchange):
    if len(exchange.json["id"]) > 5:
        return "it is long"

@check("acme.raises", "MUST", "It MUST have a nonsense.")
def raising(exchange):
    return exchange.json["nonsense"]
"""
BUDGET = ("--quiet", "--max-requests", "12", "--openapi", str(ORDERS), "--no-overlay")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "conformance.toml").write_text('checks = ["rules/mine.py"]\nselect = ["acme.*"]\n', encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_they_are_judged_as_any_rule(command: Command, folder: Path) -> None:
    ran = command("run", *BUDGET)
    assert ran.exit == 1, ran.stderr
    short, raised = (ran.verdicts()[f"acme.{name}"] for name in ("short", "raises"))
    assert (short["outcome"], short["failures"][0]["actual"]) == ("FAIL", "it is long")
    assert (raised["outcome"], "mine.py:10: KeyError: 'nonsense'" in raised["reason"]) == ("ERROR", True)
    assert ran.summary["failed"] == ["acme.short"]
    cases = {case.name: case for suite in JUnitXml.fromfile(str(folder / "out" / "junit.xml")) for case in suite}
    [found] = [case for name, case in cases.items() if "acme.short" in f"{name} {case.classname}"]
    assert any(isinstance(each, Failure) for each in found.result)
    assert "it is long" in (folder / "out" / "report.html").read_text(encoding="utf-8")
    [rule] = [each for each in ran.record if each["type"] == "rule" and each["id"] == "acme.short"]
    assert (rule["area"], rule["source"]) == ("own", "rules/mine.py:3")


def test_the_settings_are_found_from_another_folder_and_the_command_line_counts_over_them(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "elsewhere")
    (folder / "data.yaml").write_text("- {id: acme.data, sentence: It MUST hold., then: true}\n", encoding="utf-8")
    ran = command("run", *BUDGET, "--config", "../conformance.toml", "--out", folder / "out")
    assert {*ran.verdicts()} == {"acme.short", "acme.raises"}
    ran = command("run", *BUDGET, "--config", "../conformance.toml", "--out", folder / "out", "--checks", "../data.yaml")
    assert {rule: each["outcome"] for rule, each in ran.verdicts().items()} == {"acme.data": "PASS"}
    assert json.loads((folder / "out" / "run.jsonl").read_text().splitlines()[0])["options"]["checks"] == ["../data.yaml"]


def test_rules_lists_them(command: Command, folder: Path) -> None:
    assert "id MUST be short." in command("rules", "--checks", folder / "rules" / "mine.py", "--select", "acme.*").stdout


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("import nothing_here\n", "mine.py:1: ModuleNotFoundError: No module named 'nothing_here'"),
        (CODE.replace("acme.short", "body.short"), "ids that begin with body are the suite's"),
        (CODE.replace("acme.short", "acme.raises"), "two checks have this id"),
    ],
)
def test_a_file_that_cannot_be_used(command: Command, folder: Path, text: str, problem: str) -> None:
    (folder / "rules" / "mine.py").write_text(text, encoding="utf-8")
    ran = command("run", *BUDGET)
    assert (ran.exit, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert problem in ran.stderr
