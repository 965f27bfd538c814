"""The plans of small descriptions, as golden files have them: the same in every process, and without Hypothesis."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from strategies.values import sampling
from tests.openapi.synthetic import ROOT
from tests.strategies.golden.files import PLANS, difference


@pytest.mark.parametrize("name", PLANS)
def test_nothing_has_changed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_: object) -> None:
        pytest.fail(f"{name}: a plan of such a description draws nothing, so that no version of Hypothesis changes it")

    monkeypatch.setattr(sampling, "draw", drawn)
    if text := difference(name):
        pytest.fail(text, pytrace=False)


@pytest.mark.slow
def test_golden_files_are_the_same_in_another_process() -> None:
    """Some of them, since all take as long as the tests of all."""
    environment = {**os.environ, "PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Asia/Kathmandu"}
    command = [sys.executable, "-m", "tests.strategies.golden", "--check", "fields", "cases of names", "bodies of branches"]
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
