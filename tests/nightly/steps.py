"""The steps of a composite action, carried out as GitHub does, with folders in place of its cache and artifacts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_EXPRESSION = re.compile(r"\$\{\{ *([\w.]+) *\}\}")


@dataclass
class Job:
    """One job in `folder`: values of expressions, the environment, and what came of it. `cache` outlives it."""

    folder: Path
    cache: Path
    values: dict[str, str]
    environment: Mapping[str, str]
    failed: bool = False
    log: str = ""
    uploaded: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """Return the summary of the job, as its page shows it."""
        path = self.folder / "summary"
        return path.read_text() if path.exists() else ""

    def carry_out(self, action: Mapping[str, Any]) -> None:
        """Carry out the steps of an action, with its defaults for what no input gives."""
        for name, declared in action["inputs"].items():
            self.values.setdefault(f"inputs.{name}", self._filled(declared.get("default", "")))
        for step in action["runs"]["steps"]:
            if self._wanted(step.get("if")):
                self._step(step)

    def _wanted(self, condition: str | None) -> bool:
        """Return whether a step is to be carried out; this knows the conditions that the action has."""
        if condition == "always()":
            return True
        if condition is not None:
            name, sign, value = condition.partition(" != ")
            assert (sign, value) == (" != ", "''"), condition
            if not self.values[name]:
                return False
        return not self.failed

    def _step(self, step: Mapping[str, Any]) -> None:
        if "uses" in step:
            self._uses(step["uses"].partition("@")[0], {k: self._filled(v) for k, v in step.get("with", {}).items()})
            return
        assert step["shell"] == "bash"
        output = self.folder / "output"
        output.write_text("")
        more = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(self.folder / "summary")}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # as GitHub starts it
            cwd=self.folder,
            env={**self.environment, **more, **files},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        self.log += ran.stdout + ran.stderr
        self.failed |= ran.returncode != 0
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{name}"] = value

    def _uses(self, action: str, inputs: Mapping[str, str]) -> None:
        match action:
            case "actions/setup-python":
                return
            case "actions/cache/restore":
                assert inputs["key"].startswith(inputs["restore-keys"])
                if self.cache.exists():
                    shutil.copytree(self.cache, self.folder / inputs["path"])
            case "actions/cache/save":
                shutil.rmtree(self.cache, ignore_errors=True)
                shutil.copytree(self.folder / inputs["path"], self.cache)
            case "actions/upload-artifact":
                self.uploaded = sorted(path.name for path in (self.folder / inputs["path"]).iterdir())
            case _:
                raise AssertionError(f"nobody knows what {action} does")

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.values[found[1]], str(text))
