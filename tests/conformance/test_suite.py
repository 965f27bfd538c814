"""The suite as pytest tests: selection, `-x`, JUnit, and failures kept apart from errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.conformance.servers import KEY, always, serving

ROOT = Path(__file__).parents[2]


def suite(tmp_path: Path, *arguments: str) -> tuple[int, str, dict[str, str]]:
    """Runs `pytest conformance`; exit status, output, and for each test of the JUnit file how it ended."""
    junit = tmp_path / "junit.xml"
    line = [sys.executable, "-m", "pytest", "conformance", "-p", "no:cacheprovider", f"--junitxml={junit}"]
    environment = {**os.environ, "ULTRAVOX_API_KEY": KEY}
    ran = subprocess.run([*line, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    output = ran.stdout + ran.stderr
    assert KEY not in output
    ended = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        problems = [each.tag for each in case if each.tag in ("failure", "error", "skipped")]
        ended[case.attrib["name"]] = problems[0] if problems else "passed"
    return ran.returncode, output, ended


def test_a_failed_rule_is_a_failure(tmp_path: Path) -> None:
    arguments = ["-k", "temperature and (maximum or minimum)", "--fault", "temperature-a-little-above-1"]
    status, output, ended = suite(tmp_path, *arguments)
    assert status == 1
    assert ended["test_rule[body.temperature.maximum]"] == "failure", output
    assert ended["test_rule[body.temperature.minimum]"] == "passed"
    assert "Expected: " in output
    assert "Actual: " in output
    assert "$ULTRAVOX_API_KEY" in output


def test_an_unreachable_target_is_an_error(tmp_path: Path) -> None:
    with serving(always(503, Retry_After="3600")) as url:
        status, output, ended = suite(tmp_path, "-x", "-k", "temperature", "--target", url)
    assert status == 1
    assert list(ended.values()) == ["error"]
    assert "could not be judged" in output
    assert "answers 503" in output
