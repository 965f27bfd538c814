"""Settings profiles of Hypothesis: they are registered by an entry point, and pytest takes them by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("name", "examples", "repeats"), [("smoke", 20, True), ("nightly", 500, False), ("deep", 5000, False)])
def test_a_profile_is_registered_by_the_entry_point(name: str, examples: int, repeats: bool) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [(own, target)] = project["entry-points"]["hypothesis"].items()
    EntryPoint(own, target, "hypothesis").load()()
    found = settings.get_profile(f"conformance-{name}")
    assert (found.max_examples, found.derandomize, found.deadline) == (examples, repeats, None)


@pytest.mark.slow
def test_what_a_run_draws_is_observed_on_request(tmp_path: Path) -> None:
    """By the variable that Hypothesis has for it: one line for each drawn value."""
    code = "from strategies.values.sampling import examples_of; examples_of({'type': 'integer'})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=60)
    [file] = (tmp_path / ".hypothesis" / "observed").glob("*_testcases.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 5
    assert all("value" in each["arguments"] for each in lines)
