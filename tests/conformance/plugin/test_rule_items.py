"""Rules as items in somebody else's repository: what pytest offers for tests works for them too."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from ultravox_conformance import pytest_plugin

from conformance.cli.run_options import add_run
from conformance.plugin.rule_items import Rules
from tests.conformance.servers import KEY, Received, Reply, always, conforming, serving
from tests.conformance.sessions import ORDERS, orders_bench
from tests.redis_server import PASSWORD, needs_redis, redis_server

ROOT = Path(__file__).parents[3]
RULES = "body.size.[em][ca]*"  # maximum and echo
FAULT = "--conformance-fault=error-in-a-success"


PLUGIN = ("-p", "ultravox_conformance.pytest_plugin", "-W", "error", "--strict-markers")
OF_THEIRS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONPATH": os.pathsep.join([str(ROOT / "tool"), str(ROOT)]),
    "ULTRAVOX_API_KEY": KEY,
    "COLUMNS": "200",
    "PYTEST_ADDOPTS": f"--conformance-openapi={ORDERS} --conformance-no-overlay",
}


WORKERS = [
    pytest.param([], id="one process"),
    pytest.param(["-p", "xdist.plugin", "-n", "2"], id="two workers", marks=pytest.mark.slow),
]


def process_there(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status and the output of pytest in a folder that is no checkout of ours; rules are those of a small API."""
    command = [sys.executable, "-m", "pytest", *PLUGIN, *arguments]
    environment = {**os.environ, **OF_THEIRS}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert KEY not in ran.stdout + ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


def pytest_there(folder: Path, *arguments: str) -> tuple[int, str]:
    """The same within this process, since one of its own takes longer to start than to test the rules."""
    printed, loaded = io.StringIO(), set(sys.modules)
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(printed), redirect_stderr(printed):
        patched.chdir(folder)
        for name, value in OF_THEIRS.items():
            patched.setenv(name, value)
        patched.setattr(sys, "path", list(sys.path))
        # A search for garbage at the end of each session would go through all that the tests of this process have left.
        within = ["--capture=sys", "-p", "no:faulthandler", "-p", "no:unraisableexception"]
        within += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        status = pytest.main([*PLUGIN, *within, *arguments])
    for name in {"conftest", "test_theirs"} & (set(sys.modules) - loaded):
        del sys.modules[name]
    assert KEY not in printed.getvalue()
    return int(status), printed.getvalue()


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
    status, output = process_there(repository, "--conformance", f"--conformance-select={RULES}", FAULT)
    assert (status, "1 failed, 2 passed" in output, "collected 3 items" in output) == (1, True, True), output
    assert "FAILED body.size.maximum - Failed: expected status 400 or 422; actual 201: the body was accepted" in output
    assert "-d '{" in output or "--data-raw '{" in output
    status, output = pytest_there(repository, "--conformance", f"--conformance-select={RULES}", FAULT, "--lf", "-x")
    assert (status, "1 failed, 2 deselected" in output) == (1, True), output


def test_rules_are_collected_by_id_and_chosen_by_marker_and_keyword(repository: Path) -> None:
    arguments = [
        "--conformance-target=https://192.0.2.1",
        "--collect-only",
        "-q",
        "-m",
        "conformance_echo and conformance_must",
    ]
    status, output = pytest_there(repository, *arguments, "-k", "size")
    assert (status, output.splitlines()[0]) == (0, "body.size.echo"), output
    assert "test_theirs" not in output


def test_settings_of_the_file_and_expected_failures(repository: Path) -> None:
    (repository / "known.yaml").write_text(
        "deviation:\n- rule: body.size.maximum\n  reason: their ticket 7\n  expires: 2099-01-01\n", encoding="utf-8"
    )
    (repository / "pytest.ini").write_text(
        f"[pytest]\nconformance_select = {RULES}\nconformance_known = known.yaml\nconformance_concurrency = 2\n"
        "conformance_fault = error-in-a-success\n",
        encoding="utf-8",
    )
    status, output = pytest_there(repository, "--conformance", "-rx")
    assert (status, "1 xfailed" in output, "their ticket 7" in output) == (0, True, True), output


@pytest.mark.parametrize("workers", WORKERS)
def test_a_target_of_which_nothing_can_be_said_has_status_3(repository: Path, workers: list[str]) -> None:
    with serving(always(503, Retry_After="3600")) as url:
        arguments = [f"--conformance-target={url}", f"--conformance-select={RULES}", *workers]
        status, output = (process_there if workers else pytest_there)(repository, *arguments)
    assert (status, "could not be judged" in output) == (3, True), output


def test_checks_of_ones_own_are_items_too(repository: Path) -> None:
    (repository / "rules").mkdir()
    (repository / "rules" / "mine.py").write_text(
        "from ultravox_conformance import check\n\n"
        "@check('acme.short', 'MUST', 'id MUST be short.')\n"
        "def short(exchange):\n"
        "    return [] if len(exchange.json['id']) < 5 else ['it is long']\n",
        encoding="utf-8",
    )
    (repository / "rules" / "pytest.ini").write_text("[pytest]\nconformance_checks = mine.py\n", encoding="utf-8")
    arguments = ["--conformance", "-c", "rules/pytest.ini", "-m", "conformance_own", "--conformance-max-requests=9"]
    status, output = pytest_there(repository, *arguments)
    assert (status, "acme.short - Failed: expected id MUST be short.; actual it is long" in output) == (1, True), output


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        ("max-requests=1", "the budget is spent"),
        ("max-created=1", "the budget is spent"),
        ("max-time=0.001", "the budget of 0.001 s is spent"),
    ],
)
def test_a_budget_skips_what_it_does_not_reach(repository: Path, budget: str, reason: str) -> None:
    arguments = ["--conformance", f"--conformance-select={RULES}", f"--conformance-{budget}", "-rs"]
    status, output = pytest_there(repository, *arguments)
    assert (status, reason in output, "2 skipped" in output) == (0, True, True), output


def test_a_response_that_comes_too_late_leaves_the_rules_unjudged(repository: Path) -> None:
    def late(received: Received) -> Reply | None:
        time.sleep(0.3)
        return responds(received)

    responds = conforming(contract=orders_bench().catalogue.contract)
    arguments = [f"--conformance-select={RULES}", "--conformance-max-requests=2", "--conformance-timeout"]
    with serving(late) as url:
        status, output = pytest_there(repository, f"--conformance-target={url}", *arguments, "0.1")
        assert (status, "could not be judged" in output) == (3, True), output
        status, output = pytest_there(repository, f"--conformance-target={url}", *arguments, "30")
        assert (status, "2 skipped" in output) == (0, True), output


def test_the_first_failure_ends_the_session_and_comes_first_the_next_time(repository: Path) -> None:
    arguments = ["--conformance", "--conformance-select=body.size.m*imum", FAULT]
    status, output = pytest_there(repository, *arguments, "-x")
    assert (status, "stopping after 1 failures" in output, "1 failed, 1 passed" in output) == (1, True, True), output
    status, output = pytest_there(repository, *arguments, "--lf")
    assert (status, "1 failed, 2 deselected" in output) == (1, True), output
    assert "FAILED body.size.minimum" in output


def test_headers_parsing_and_failing_bodies_of_an_earlier_night(repository: Path) -> None:
    received: list[Received] = []
    responds = conforming(contract=orders_bench().catalogue.contract)

    def noted(each: Received) -> Reply | None:
        received.append(each)
        return responds(each)

    arguments = [f"--conformance-select={RULES}", "--conformance-header=X-Team=checkout", "--conformance-max-live-calls=2"]
    with serving(noted) as url:
        arguments += ["--conformance-correlation-header=X-Number", "--conformance-wait=5"]
        status, output = pytest_there(repository, f"--conformance-target={url}", *arguments)
    assert (status, "3 passed" in output) == (0, True), output
    asked = [each for each in received if each.path.startswith("/orders")]
    assert {each.headers.get("x-team") for each in asked} == {"checkout"}
    assert all("x-number" in each.headers for each in asked)
    arguments = ["--conformance", f"--conformance-select={RULES}", "--conformance-parsing=strict"]
    status, output = pytest_there(repository, *arguments, FAULT, f"--conformance-examples={repository / 'examples'}")
    assert (status, any((repository / "examples").rglob("*"))) == (1, True), output
    status, output = pytest_there(repository, *arguments, f"--conformance-examples={repository / 'examples'}")
    assert (status, "3 passed" in output) == (0, True), output


@needs_redis
def test_a_rate_that_workers_keep_together(repository: Path, tmp_path: Path) -> None:
    import redis

    with redis_server(tmp_path) as (url, _):
        arguments = ["--conformance", f"--conformance-select={RULES}", f"--conformance-rate-limit={url}"]
        status, output = pytest_there(repository, *arguments, "--conformance-rate=200")
        asked = redis.Redis.from_url(url).info("commandstats")
        assert (status, "3 passed" in output, PASSWORD in output) == (0, True, False), output
        assert any(name.startswith("cmdstat_eval") for name in asked)
        status, output = pytest_there(repository, *arguments)
        assert (status, "give --rate as well" in output, PASSWORD in output) == (pytest.ExitCode.USAGE_ERROR, True, False)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ctrf") is None, reason="pytest-json-ctrf is not installed")
def test_pytest_json_ctrf_reports_rules(repository: Path) -> None:
    arguments = ["--conformance", f"--conformance-select={RULES}", FAULT, "-p", "ctrf.main", "--ctrf", "ctrf.json"]
    status, output = process_there(repository, *arguments)
    results = json.loads((repository / "ctrf.json").read_text())["results"]
    assert (status, results["summary"]["tests"], results["summary"]["failed"]) == (1, 3, 1), output
    failed = next(each for each in results["tests"] if each["status"] == "failed")
    assert failed["name"] == "body.size.maximum"
    assert "expected status 400 or 422; actual 201" in failed["message"]


@pytest.mark.slow
@pytest.mark.skipif(find_spec("allure_pytest") is None, reason="allure-pytest is not installed")
@pytest.mark.parametrize("workers", WORKERS)
def test_allure_reports_rules(repository: Path, workers: list[str]) -> None:
    arguments = [
        "--conformance",
        f"--conformance-select={RULES}",
        FAULT,
        "-p",
        "allure_pytest.plugin",
        "--alluredir",
        "allure",
    ]
    status, output = process_there(repository, *arguments, *workers)
    results = [json.loads(each.read_text()) for each in (repository / "allure").glob("*-result.json")]
    statuses = {each["name"]: each["status"] for each in results}
    expected = {"body.size.maximum": "failed", "body.size.echo": "passed", "test_theirs": "passed"}
    assert (status, statuses) == (1, expected), output
    labels = next(each["labels"] for each in results if each["status"] == "failed")
    assert {"name": "tag", "value": "conformance_must"} in labels


LEFT_OUT = frozenset("config shard out dry-run resume max-failures history quiet".split())


def test_each_option_of_a_run_is_one_of_the_plugin_or_documented_as_left_out() -> None:
    command = argparse.ArgumentParser()
    add_run(command)
    of_run = {option[2:] for action in command._actions for option in action.option_strings if option.startswith("--")}
    offered = {name for name, *_ in pytest_plugin._RUN_OPTIONS} | set(pytest_plugin._FLAGS)
    assert of_run - {"help"} - offered == LEFT_OUT
    differences = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8").partition("## Fixtures")[0]
    assert {name for name in LEFT_OUT if f"`--{name}`" not in differences} == set()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--conformance-target=https://192.0.2.1"], "give --live"),
        (["--conformance", "--conformance-timeout=soon"], "'soon' is no number"),
        (["--conformance", "-o", "conformance_rate=0"], "conformance_rate: 0 cannot be"),
        (["--conformance", "-o", "conformance_parsing=loose"], "conformance_parsing: 'loose' is none of protojson and strict"),
    ],
)
def test_an_invalid_option_is_a_usage_error(repository: Path, arguments: list[str], problem: str) -> None:
    status, output = pytest_there(repository, *arguments)
    assert (status, problem in output, "Traceback" in output) == (pytest.ExitCode.USAGE_ERROR, True, False), output


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ({"select": ["body.nothing"]}, "no rule has such an id"),
        ({"known": Path("none.yaml")}, "none.yaml"),
        ({"profile": "huge"}, "there is no such profile"),
        ({"fault": ["nothing"]}, "there is no such fault"),
        ({"reads": ["nothing"]}, "is no parser"),
        ({"max_live_calls": 1}, "give at least 2"),
        ({"fault": ["temperature-negative"], "target": "http://127.0.0.1:9"}, "it does not go with --target"),
        ({"target": "http://127.0.0.1:9", "wait": 0.01}, "is not there after"),
    ],
)
def test_what_is_invalid_is_named(option: dict[str, Any], problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULTRAVOX_API_KEY", KEY)
    unset = dict.fromkeys(("contract", "openapi", "overlay", "operation", "target", "key_file", "known"))
    others = {"no_overlay": False, "parameter": [], "select": [], "fault": [], "profile": "smoke", "live": False}
    with pytest.raises(pytest.UsageError, match=problem):
        Rules.of(argparse.Namespace(**{**unset, **others, **option}), sends=True)


def test_strategies_are_a_fixture(repository: Path) -> None:
    (repository / "unit" / "test_theirs.py").write_text(
        "from hypothesis import given, settings, strategies as st\n\n"
        "def test_theirs(ultravox_strategies):\n"
        "    @settings(max_examples=3)\n"
        "    @given(ultravox_strategies.violating('body.size.maximum'))\n"
        "    def is_above(body):\n"
        "        assert body['size'] > 50\n"
        "    is_above()\n",
        encoding="utf-8",
    )
    status, output = pytest_there(repository)
    assert (status, "1 passed" in output) == (0, True), output
