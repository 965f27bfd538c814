"""The recipes are valid by the schemas and linters of others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.nightly.conftest import ROOT

RECIPES = ROOT / "examples" / "nightly"
WORKFLOW, GITLAB, ACTION = RECIPES / "github-workflow.yml", RECIPES / "gitlab-ci.yml", ROOT / "action.yml"
CI = ROOT / ".github" / "workflows" / "ci.yml"
SHELL = "#!/bin/bash\nset -eo pipefail\n"


def linted(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("schema", "file", "more"),
    [
        ("github-actions", ACTION, ()),
        ("github-workflows", WORKFLOW, ()),
        ("github-workflows", CI, ()),
        ("gitlab-ci", GITLAB, ("--data-transform", "gitlab-ci")),
    ],
    ids=["action", "workflow", "our own workflow", "gitlab"],
)
def test_a_recipe_is_valid_by_its_schema(schema: str, file: Path, more: tuple[str, ...]) -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    ran = linted(tool, "--builtin-schema", f"vendor.{schema}", *more, file)
    assert ran.returncode == 0, ran.stdout


def test_no_recipe_lets_a_value_become_code_or_keeps_a_credential() -> None:
    tool = Path(sys.executable).with_name("zizmor")
    ran = linted(tool, "--offline", "--quiet", "--config", ROOT / ".github" / "zizmor.yml", ACTION, WORKFLOW, CI)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def scripts() -> list[Any]:
    steps = [step["run"] for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if "run" in step]
    job = yaml.safe_load(GITLAB.read_text())["conformance"]
    return [*steps, "\n".join(job["script"]), (RECIPES / "cron.sh").read_text()]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", scripts())
def test_a_script_of_a_recipe_is_sound_shell(script: str, tmp_path: Path) -> None:
    (tmp_path / "script.sh").write_text(SHELL + script)
    # What the CI sets is assigned nowhere in the script.
    ran = linted("shellcheck", "--exclude=SC2154", tmp_path / "script.sh")
    assert ran.returncode == 0, ran.stdout


def test_the_workflow_uses_the_inputs_of_the_action() -> None:
    (step,) = (
        each
        for each in yaml.safe_load(WORKFLOW.read_text())["jobs"]["night"]["steps"]
        if each["uses"].startswith("OWNER/ultravox-conformance@")
    )
    declared = yaml.safe_load(ACTION.read_text())["inputs"]
    assert set(step["with"]) <= set(declared)
    assert {name for name, each in declared.items() if each.get("required")} <= set(step["with"])
