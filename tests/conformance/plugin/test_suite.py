"""The suite as pytest tests: selection, `-x`, JUnit, and failures kept apart from errors."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conformance.servers import KEY, always, serving
from tests.conformance.sessions import ORDERS

ROOT = Path(__file__).parents[3]
# The plugins of other packages take longer to import than the suite takes.
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def suite(tmp_path: Path, *arguments: str) -> tuple[int, str, dict[str, str]]:
    """Runs `pytest conformance`; exit status, output, and for each test of the JUnit file how it ended."""
    junit = tmp_path / "junit.xml"
    line = [sys.executable, "-m", "pytest", "conformance/plugin", "-p", "no:cacheprovider", f"--junitxml={junit}"]
    environment = {**ENVIRONMENT, "ULTRAVOX_API_KEY": KEY}
    ran = subprocess.run([*line, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    output = ran.stdout + ran.stderr
    assert KEY not in output
    ended = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        problems = [each.tag for each in case if each.tag in ("failure", "error", "skipped")]
        ended[case.attrib["name"]] = problems[0] if problems else "passed"
    return ran.returncode, output, ended


@pytest.mark.slow
def test_the_rules_of_a_phase_go_to_one_worker(tmp_path: Path) -> None:
    small = ["--openapi", str(ORDERS), "--no-overlay"]
    arguments = [*small, "-p", "xdist.plugin", "-n", "2", "-v", "-k", "state or protocol"]
    status, output, ended = suite(tmp_path, *arguments)
    assert (status, len(ended) > 5) == (0, True), output
    workers: dict[str, set[str]] = {}
    for worker, rule in re.findall(r"^\[(gw\d)\].*\[([a-z]+)\.\S+\]", output, re.MULTILINE):
        workers.setdefault(rule, set()).add(worker)
    assert {"state", "protocol"} <= workers.keys()
    assert {len(each) for each in workers.values()} == {1}


def test_a_failed_rule_is_a_failure(tmp_path: Path) -> None:
    arguments = ["-k", "temperature and (maximum or minimum)", "--fault", "temperature-a-little-above-1"]
    status, output, ended = suite(tmp_path, *arguments)
    assert status == 1
    assert ended["test_rule[body.temperature.maximum]"] == "failure", output
    assert ended["test_rule[body.temperature.minimum]"] == "passed"
    assert "Expected: " in output
    assert "Actual: " in output
    assert "$ULTRAVOX_API_KEY" in output


@pytest.mark.slow
def test_a_target_of_which_nothing_can_be_said_ends_the_session(tmp_path: Path) -> None:
    with serving(always(503, Retry_After="3600")) as url:
        status, output, ended = suite(tmp_path, "-k", "temperature", "--target", url)
    assert status == 3
    assert "failure" not in ended.values()
    assert "nothing more can be judged" in output
    assert "responds with 503" in output


def test_a_description_that_is_none_is_an_invalid_use(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "conformance/plugin", "--openapi", str(tmp_path / "picture.png")],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "picture.png" in run.stderr
    assert "Traceback" not in run.stderr + run.stdout
