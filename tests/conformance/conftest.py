"""The command line in process: what it prints, how it exits, and what lies in `--out` then."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import carrying_out
from conformance.cli.main import main
from conformance.cli.profile import profile_of
from conformance.http.client import Client
from conformance.http.target import Target
from conformance.selfcheck.in_process import App, InProcess
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from reports.html.stored import unpacked
from strategies.plan.plan import Plan
from tests.conformance.servers import KEY
from tests.plans import our_plan


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    exit: int
    stdout: str
    stderr: str
    out: Path

    @property
    def summary(self) -> dict[str, Any]:
        """The summary of the run."""
        data: dict[str, Any] = json.loads((self.out / "summary.json").read_text())
        return data

    @property
    def record(self) -> list[dict[str, Any]]:
        """The entries of the record."""
        return [json.loads(line) for line in (self.out / "run.jsonl").read_bytes().splitlines()]

    def verdicts(self) -> dict[str, dict[str, Any]]:
        """The verdicts by rule."""
        return {each["rule"]: each for each in self.record if each["type"] == "verdict"}

    def footer(self) -> dict[str, Any]:
        """The last line of the record."""
        last = self.record[-1]
        assert last["type"] == "footer"
        return last


Command = Callable[..., Ran]


def whole(path: Path) -> bytes:
    """Return the bytes of a file, and behind those of a page what it holds compressed."""
    data = path.read_bytes()
    return data if path.suffix != ".html" else data + json.dumps(unpacked(data), ensure_ascii=False).encode()


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries come a twentieth of the time later: a server in the same process does not need to recover.

    Nothing is decided by how long a wait is. That the distances grow is tested where they are reckoned, in terms of the first.
    """
    for module in ("retry", "sender", "deleting"):
        own = import_module(f"conformance.http.{module}")
        monkeypatch.setattr(own, "_FIRST_WAIT", own._FIRST_WAIT / 20)


@pytest.fixture(scope="session", autouse=True)
def spared_already() -> Iterator[None]:
    """Let runs not count what garbage collection is spared: this process has spared millions of objects, so they spare none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conformance.run.long_lived", nullcontext)
        yield


@pytest.fixture(autouse=True)
def plan_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs by our own description share the plan of this process, since each would pack its bodies anew."""
    made = carrying_out._plan

    def plan(options: argparse.Namespace, catalogue: Catalogue) -> Plan:
        ours = our_plan()
        is_ours = catalogue.contract == ours.catalogue.contract and catalogue.rules == ours.catalogue.rules
        is_same = (
            is_ours and profile_of(options).cases == ours.budget and carrying_out.reads_of(options, catalogue) == ours.reads
        )
        return ours if is_same else made(options, catalogue)

    monkeypatch.setattr(carrying_out, "_plan", plan)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs reach the embedded emulator without a network, which takes more than half of their time."""
    apps: dict[str, App] = {}
    made = Client.__init__

    @contextmanager
    def running(app: App) -> Iterator[str]:
        url = f"http://127.0.0.1:{1 + len(apps)}"
        apps[url] = app
        yield url

    def make(client: Client, target: Target, contract: Contract) -> None:
        made(client, target, contract, InProcess(apps[target.url]) if target.url in apps else None)

    monkeypatch.setattr("emulator.serving.running", running)
    monkeypatch.setattr(Client, "__init__", make)


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Carries out a command with KEY in the environment; `--out` is a folder of the test's own."""
    monkeypatch.setenv("ULTRAVOX_API_KEY", KEY)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    # rich breaks lines at the width of the terminal; the tests look for whole sentences.
    monkeypatch.setenv("COLUMNS", "1000")

    def carry_out(*arguments: str | Path) -> Ran:
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err, tmp_path / "out")

    return carry_out


@pytest.fixture
def test_of(command: Command, tmp_path: Path) -> Command:
    """Carries out `run` against a target, quietly."""
    return lambda url, *more: command("run", "--target", url, "--out", tmp_path / "out", "--quiet", *more)
