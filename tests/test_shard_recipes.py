"""The recipes of docs/shards.md are valid by the schemas of their systems, and their commands are understood."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conformance.cli.parser import parser

_DOCUMENT = (Path(__file__).parents[1] / "docs" / "shards.md").read_text(encoding="utf-8")
_RECIPES = dict(zip(("github", "gitlab", "kubernetes"), re.findall(r"```yaml\n(.*?)```", _DOCUMENT, re.DOTALL), strict=True))


@pytest.mark.parametrize(("system", "schema"), [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")])
def test_a_recipe_is_valid_by_the_schema_of_its_system(system: str, schema: str, tmp_path: Path) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text(_RECIPES[system])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_github_recipe_lets_no_value_become_code_and_keeps_no_credential(tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "shards.yml"
    file.parent.mkdir(parents=True)
    file.write_text(_RECIPES["github"])
    tool, config = Path(sys.executable).with_name("zizmor"), Path(__file__).parents[1] / ".github" / "zizmor.yml"
    ran = subprocess.run([tool, "--offline", "--quiet", "--config", config, file], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_pods_of_the_kubernetes_job_are_the_shards() -> None:
    job = yaml.safe_load(_RECIPES["kubernetes"])["spec"]
    (container,) = job["template"]["spec"]["containers"]
    assert f"--shard auto/{job['completions']}" in container["args"][0]
    assert job["completionMode"] == "Indexed"


@pytest.mark.parametrize("system", sorted(_RECIPES))
def test_the_commands_of_a_recipe_are_understood(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_NODE_INDEX", "1")
    monkeypatch.setenv("CI_NODE_TOTAL", "3")
    text = re.sub(r"\$SHARD\b", "1/3", _RECIPES[system])
    text = re.sub(r"\$GITHUB_RUN_NUMBER|\$CI_PIPELINE_IID", "7", text)
    flat = re.sub(r"\n\s+(?=--)", " ", text)
    commands = re.findall(r"python -m conformance (.+)", flat)
    assert commands
    for command in commands:
        parser().parse_args(shlex.split(command.strip()))
