"""The project keeps its own rules: what README says works, what the house forbids is not there."""

from __future__ import annotations

import ast
import itertools
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis_jsonschema import from_schema
from packaging.requirements import Requirement

from conformance import VERSION
from conformance.cli.parser import parser
from tests.documents import DOCUMENTS, ROOT, shell_lines

ROOTS = ("conformance", "emulator", "openapi", "reports", "strategies")
SOURCES = sorted(path for root in (*ROOTS, "tests", "benchmarks", "tool") for path in (ROOT / root).rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST_FUNCTION = 50


def commands(*words: str) -> list[list[str]]:
    """Return the arguments of every command in the documents that starts with these words.

    1 stands for what the shell fills in.
    """
    found = []
    for line in shell_lines("\n".join(each.read_text(encoding="utf-8") for each in DOCUMENTS)):
        filled = re.sub(r"\$\([^)]*\)|\$\w+", "1", line)
        for command in filled.split("&&"):
            split = [word.removeprefix(".venv/bin/") for word in shlex.split(command, comments=True)]
            split = list(itertools.takewhile(lambda word: word != ">", split))
            split = list(itertools.dropwhile(lambda word: "=" in word, split))
            if tuple(split[: len(words)]) == words:
                found.append(split[len(words) :])
    return found


def command_names() -> set[str]:
    [choices] = [action.choices for action in parser()._actions if isinstance(action.choices, dict)]
    return set(choices)


@pytest.mark.parametrize("arguments", commands("python", "-m", "conformance"), ids=" ".join)
def test_every_command_of_the_documents_is_understood(arguments: list[str]) -> None:
    parser().parse_args(arguments)


def test_the_documents_show_every_command() -> None:
    assert command_names() == {arguments[0] for arguments in commands("python", "-m", "conformance")}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", commands("python", "-m", "pytest", "conformance/plugin"), ids=" ".join)
def test_every_pytest_command_of_readme_is_understood(arguments: list[str]) -> None:
    run = [sys.executable, "-m", "pytest", "conformance/plugin", "--collect-only", "-q"]
    ended = subprocess.run([*run, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_ci_runs_the_two_commands_of_readme() -> None:
    first, second = shell_lines(README)[:2]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert first in script
    assert all(command in script or "pip install" in command for command in second.split(" && "))


def test_paths_that_documents_name_exist() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name} leads to {target}, which does not exist"


def test_the_compose_file_is_valid_and_its_commands_are_understood() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "compose.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert parser().parse_args(services["run"]["command"]).target == "http://emulator:8000"
    assert len({service["environment"]["ULTRAVOX_API_KEY"] for service in services.values()}) == 1


def test_versions_agree() -> None:
    assert PROJECT["project"]["version"] == VERSION
    assert f"## [{VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.removesuffix(" \\")) for line in lines if line and not line.lstrip().startswith(("#", "--hash"))]
    return {pin.name.lower(): str(pin.specifier).removeprefix("==") for pin in pins}


def test_each_pin_of_a_run_has_hashes() -> None:
    pins = re.split(r"^(?=\w)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(pins) > 30
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_lock_fits_the_dependencies() -> None:
    run, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    for wanted, pins in (
        (PROJECT["project"]["dependencies"], run),
        (PROJECT["dependency-groups"]["dev"], dev),
    ):
        for requirement in map(Requirement, wanted):
            assert requirement.specifier.contains(pins[requirement.name.lower()]), requirement
    differing = {name for name, pin in run.items() if dev.get(name) not in (pin, None)}
    assert not differing, "requirements-dev.txt pins other versions than requirements.txt"


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 5}, "size": {"type": "integer", "minimum": 1}},
    "required": ["name"],
    "additionalProperties": False,
}


@given(from_schema(SCHEMA))
def test_installed_hypothesis_and_hypothesis_jsonschema_agree_on_objects(drawn: dict[str, Any]) -> None:
    assert {"name"} <= set(drawn) <= {"name", "size"}


def test_imports_point_one_way() -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", lint, "--no-cache"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes())) for path in SOURCES]


def test_every_module_says_what_it_is_for() -> None:
    assert [place for place, tree in trees() if not ast.get_docstring(tree)] == []


def test_each_module_of_strategies_has_a_test_module() -> None:
    modules = [path.relative_to(ROOT) for path in (ROOT / "strategies").rglob("*.py") if path.name != "__init__.py"]
    assert len(modules) > 30
    assert [str(path) for path in modules if not (ROOT / "tests" / path.parent / f"test_{path.name}").is_file()] == []


def test_functions_are_short() -> None:
    long = []
    for place, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{place}:{node.lineno} {node.name} has {lines} lines")
    assert long == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an ignored type error without its code", r"#\s*type:\s*ignore(?!\[)"),
        ("a lint exception without its code", r"#\s*noqa(?!:)"),
        ("work left behind", rf"\b({'TO'}{'DO'}|FIX{'ME'}|X{'XX'})\b"),
    ],
)
def test_nothing_is_left_behind(what: str, pattern: str) -> None:
    texts = [
        *SOURCES,
        *ROOT.glob("*.md"),
        *ROOT.glob("*.toml"),
        *ROOT.glob("*.ini"),
        *(ROOT / "openapi").glob("*.*"),
    ]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line) and path != Path(__file__)
    ]
    assert found == [], what
