"""Rules as items in somebody else's repository: what pytest offers for tests works for them too."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance.plugin.rule_items import Rules
from tests.conformance.servers import KEY, always, serving

ROOT = Path(__file__).parents[3]
BOUNDS = "body.temperature.m*imum"
FAULT = "--conformance-fault=temperature-a-little-above-1"


def pytest_there(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status and the output of pytest in a folder that is no checkout of ours."""
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tool"), str(ROOT)]),
        "ULTRAVOX_API_KEY": KEY,
        "COLUMNS": "200",
    }
    command = [sys.executable, "-m", "pytest", "-p", "ultravox_conformance.pytest_plugin", "-W", "error", "--strict-markers"]
    ran = subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert KEY not in ran.stdout + ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a test, in a folder that has a conftest of its own."""
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "conftest.py").write_text("", encoding="utf-8")
    (tmp_path / "unit" / "test_theirs.py").write_text("def test_theirs():\n    pass\n", encoding="utf-8")
    return tmp_path


def test_without_an_option_no_rule_is_a_test(repository: Path) -> None:
    status, output = pytest_there(repository)
    assert (status, "1 passed" in output) == (0, True), output


def test_rules_stand_beside_their_tests_and_the_last_failures_come_again(repository: Path) -> None:
    status, output = pytest_there(repository, "--conformance", f"--conformance-select={BOUNDS}", FAULT)
    assert (status, "1 failed, 2 passed" in output, "collected 3 items" in output) == (1, True, True), output
    assert "FAILED body.temperature.maximum - Failed: expected status 400 or 422; actual 201: the body was accepted" in output
    assert "-d '{" in output or "--data-raw '{" in output
    status, output = pytest_there(repository, "--conformance", f"--conformance-select={BOUNDS}", FAULT, "--lf", "-x")
    assert (status, "1 failed, 2 deselected" in output) == (1, True), output


def test_rules_are_collected_by_id_and_chosen_by_marker_and_keyword(repository: Path) -> None:
    arguments = [
        "--conformance-target=https://192.0.2.1",
        "--collect-only",
        "-q",
        "-m",
        "conformance_echo and conformance_must",
    ]
    status, output = pytest_there(repository, *arguments, "-k", "temperature")
    assert (status, output.splitlines()[0]) == (0, "body.temperature.echo"), output
    assert "test_theirs" not in output


def test_settings_of_the_file_and_expected_failures(repository: Path) -> None:
    (repository / "known.yaml").write_text(
        "deviation:\n- rule: body.temperature.maximum\n  reason: their ticket 7\n  expires: 2099-01-01\n", encoding="utf-8"
    )
    (repository / "pytest.ini").write_text(
        f"[pytest]\nconformance_select = {BOUNDS}\nconformance_known = known.yaml\nconformance_concurrency = 2\n"
        "conformance_fault = temperature-a-little-above-1\n",
        encoding="utf-8",
    )
    status, output = pytest_there(repository, "--conformance", "-rx")
    assert (status, "1 xfailed" in output, "their ticket 7" in output) == (0, True, True), output


@pytest.mark.parametrize("workers", [[], ["-p", "xdist.plugin", "-n", "2"]], ids=["one process", "two workers"])
def test_a_target_of_which_nothing_can_be_said_has_status_3(repository: Path, workers: list[str]) -> None:
    with serving(always(503, Retry_After="3600")) as url:
        arguments = [f"--conformance-target={url}", f"--conformance-select={BOUNDS}", *workers]
        status, output = pytest_there(repository, *arguments)
    assert (status, "could not be judged" in output) == (3, True), output


def test_checks_of_ones_own_are_items_too(repository: Path) -> None:
    (repository / "rules").mkdir()
    (repository / "rules" / "mine.py").write_text(
        "from ultravox_conformance import check\n\n"
        "@check('acme.short', 'MUST', 'callId MUST be short.')\n"
        "def short(exchange):\n"
        "    return [] if len(exchange.json['callId']) < 5 else ['it is long']\n",
        encoding="utf-8",
    )
    (repository / "rules" / "pytest.ini").write_text("[pytest]\nconformance_checks = mine.py\n", encoding="utf-8")
    arguments = ["--conformance", "-c", "rules/pytest.ini", "-m", "conformance_own", "--conformance-max-requests=9"]
    status, output = pytest_there(repository, *arguments)
    assert (status, "acme.short - Failed: expected callId MUST be short.; actual it is long" in output) == (1, True), output


def test_a_budget_of_requests_skips_what_it_does_not_reach(repository: Path) -> None:
    arguments = ["--conformance", f"--conformance-select={BOUNDS}", "--conformance-max-requests=1", "-rs"]
    status, output = pytest_there(repository, *arguments)
    assert (status, "the budget is spent" in output) == (0, True), output


def test_an_invalid_option_is_a_usage_error(repository: Path) -> None:
    status, output = pytest_there(repository, "--conformance-target=https://192.0.2.1")
    assert (status, "give --live" in output, "Traceback" in output) == (pytest.ExitCode.USAGE_ERROR, True, False), output


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ({"select": ["body.nothing"]}, "no rule has such an id"),
        ({"known": Path("none.yaml")}, "none.yaml"),
        ({"profile": "huge"}, "there is no such profile"),
        ({"fault": ["nothing"]}, "there is no such fault"),
    ],
)
def test_what_is_invalid_is_named(option: dict[str, Any], problem: str) -> None:
    unset = dict.fromkeys(("contract", "openapi", "overlay", "operation", "target", "key_file", "known"))
    others = {"no_overlay": False, "parameter": [], "select": [], "fault": [], "profile": "smoke", "live": False}
    with pytest.raises(pytest.UsageError, match=problem):
        Rules.of(argparse.Namespace(**{**unset, **others, **option}), sends=True)


def test_strategies_are_a_fixture(repository: Path) -> None:
    (repository / "unit" / "test_theirs.py").write_text(
        "from hypothesis import given, settings, strategies as st\n\n"
        "def test_theirs(ultravox_strategies):\n"
        "    @settings(max_examples=3)\n"
        "    @given(ultravox_strategies.violating('body.temperature.maximum'))\n"
        "    def is_above(body):\n"
        "        assert body['temperature'] > 1\n"
        "    is_above()\n",
        encoding="utf-8",
    )
    status, output = pytest_there(repository)
    assert (status, "1 passed" in output) == (0, True), output
