"""Every command of the documents runs and ends as its document says.

One shell runs the commands of one document, in a folder that looks like a checkout. Three things differ from what a reader
types: `https://staging.example.com` is an emulator on this machine, port 8000 is a free one, and a run without `--select`
tests the rules of one member. `exceptions.yaml` lists the lines that run otherwise or not at all, each with its reason.
"""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from conformance.embedded import EMULATOR_KEY
from emulator.app import create_app
from emulator.serving import running
from openapi import load_contract
from tests.documents import DOCUMENTS, ROOT, shell_lines

STAGING, PORT = "https://staging.example.com", "8000"
STAND_INS = ROOT / "tests" / "docs" / "stand_ins"
_NOT_LINKED = frozenset({".git", ".venv", ".tox", "out", "conformance.toml"})
_WITH_COMMANDS = [each for each in DOCUMENTS if shell_lines(each.read_text(encoding="utf-8"))]
_SERVES = "python -m conformance emulate"
# Each line is echoed with the exit status before the next one; a server goes on beside the lines after it.
_PROLOGUE = """
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null; }
trap stop EXIT
serve() {
    stop
    "$@" --quiet & server=$!
    for _ in $(seq 600); do
        (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}
"""


@dataclass(frozen=True)
class Differing:
    """A line that runs otherwise than it stands there; it is left out where `instead` is empty."""

    line: str
    reason: str
    instead: str = ""
    status: int = 0

    def is_about(self, line: str) -> bool:
        return line.startswith(self.line[:-1]) if self.line.endswith("*") else line == self.line


DIFFERING = [Differing(**each) for each in yaml.safe_load((STAND_INS.parent / "exceptions.yaml").read_text(encoding="utf-8"))]


@dataclass(frozen=True)
class Step:
    """A line of a document as it is run, and the exit status that the document promises."""

    line: str
    runs: str
    status: int


def steps(document: Path) -> list[Step]:
    """Return the lines of a document that are run."""
    found = []
    for line in shell_lines(document.read_text(encoding="utf-8")):
        differing = next((each for each in DIFFERING if each.is_about(line)), Differing(line, "", line))
        if differing.instead or not differing.reason:
            found.append(Step(line, differing.instead or line, differing.status))
        elif differing.status:
            found.append(Step(line, line, differing.status))
    return found


@pytest.fixture(scope="module")
def staging() -> Iterator[str]:
    """The URL of the server that the documents call staging."""
    with running(create_app(load_contract(), keys=frozenset({EMULATOR_KEY}))) as url:
        yield url


@pytest.fixture
def checkout(tmp_path: Path, staging: str) -> Path:
    """A folder with everything of the checkout, and with the files that a reader is said to have."""
    for each in ROOT.iterdir():
        if each.name not in _NOT_LINKED:
            (tmp_path / each.name).symlink_to(each)
    for each in STAND_INS.iterdir():
        (tmp_path / each.name).write_text(each.read_text(encoding="utf-8").replace(STAGING, staging), encoding="utf-8")
    harness = (
        (ROOT / "docs" / "harness-protocol.md").read_text(encoding="utf-8").rpartition("```python\n")[2].partition("```")[0]
    )
    (tmp_path / "my_harness.py").write_text(harness, encoding="utf-8")
    (tmp_path / "key.txt").write_text(EMULATOR_KEY, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    for name, options in (("python", ""), ("pytest", " -m pytest -p ultravox_conformance.pytest_plugin")):
        script = tmp_path / "bin" / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{options} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    return tmp_path


def ended(document: Path, checkout: Path, staging: str) -> list[tuple[str, int, str]]:
    """Run the lines of a document; return each with its exit status and output, up to the first one that ends wrongly."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    script = [f"port={port}", _PROLOGUE]
    for number, step in enumerate(steps(document)):
        line = step.runs.replace(STAGING, staging).replace(PORT, port)
        serves = step.runs.startswith(_SERVES) and "--fault list" not in step.runs
        if serves:
            line = f"serve {line}" if "--port" in line else f"serve {line} --port {port}"
        script.append(f'{{ {line}\n}} >out.{number} 2>&1; echo "$?" >status.{number}')
    environment = {
        **os.environ,
        "PATH": f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "ULTRAVOX_API_KEY": EMULATOR_KEY,
        "STAGING_KEY": EMULATOR_KEY,
        "ULTRAVOX_CONFORMANCE_SELECT": '["body.temperature.*"]',
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(["bash", "-c", "\n".join(script)], cwd=checkout, env=environment, check=False, timeout=600)
    return [
        (step.line, int((checkout / f"status.{number}").read_text()), (checkout / f"out.{number}").read_text(errors="replace"))
        for number, step in enumerate(steps(document))
        if (checkout / f"status.{number}").exists()
    ]


@pytest.mark.documents
@pytest.mark.parametrize("document", _WITH_COMMANDS, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_command_ends_as_its_document_says(document: Path, checkout: Path, staging: str) -> None:
    results = ended(document, checkout, staging)
    wrong = [
        f"{line}\n  ended with {status}, not {step.status}\n{output[-1500:]}"
        for step, (line, status, output) in zip(steps(document), results, strict=True)
        if status != step.status
    ]
    assert not wrong, "\n\n".join(wrong)


def test_a_command_that_ends_otherwise_is_noticed(checkout: Path, staging: str) -> None:
    document = checkout / "page.md"
    document.write_text("```sh\npython -c 'raise SystemExit(4)'\nnight=5\ntest $night = 5\n```\n", encoding="utf-8")
    assert [status for _, status, _ in ended(document, checkout, staging)] == [4, 0, 0]


def test_every_exception_is_about_a_line_and_has_a_reason() -> None:
    lines = [line for each in _WITH_COMMANDS for line in shell_lines(each.read_text(encoding="utf-8"))]
    for each in DIFFERING:
        assert each.reason, each.line
        assert any(each.is_about(line) for line in lines), f"{each.line} stands in no document"
