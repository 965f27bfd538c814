"""Our checks and cases in Schemathesis's own command: they find what it does not notice, and accuse no conforming server."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.hooks import unregister
from ultravox_conformance.emulator import Emulator, running_emulator

from tests.unicode_tables import give_tables

ROOT = Path(__file__).parents[1]
DESCRIPTION = ROOT / "openapi" / "contracts" / "ultravox" / "description.yaml"
HOOKS = "ultravox_conformance.schemathesis_hooks"
OWN = """\
from ultravox_conformance import check

@check("acme.short", "MUST", "callId MUST be short.")
def short(exchange):
    return [] if len(exchange.json["callId"]) < 5 else ["it is long"]
"""
FAULT = "join-timeout-60"  # a default, which Schemathesis knows nothing of


def failures(folder: Path, emulator: Emulator, hooks: str | None, *, checks: str = "") -> dict[str, str]:
    """Return the failures that `schemathesis run` reports on the emulator: each title with the whole output."""
    folder.mkdir()
    give_tables(folder)
    (folder / "mine.py").write_text(OWN, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(DESCRIPTION), "--url", emulator.url, "--seed", "1"]
    command += ["--header", f"X-API-Key: {emulator.key}", "--phases", "examples", "--include-path", "/api/calls"]
    command += ["--continue-on-failure", "--no-shrink", "--warnings", "off", "--no-color"]
    command += ["--report", "json", "--report-json-path", "report.json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tool"), str(ROOT)])}
    environment |= {"SCHEMATHESIS_HOOKS": hooks} if hooks else {}
    environment |= {"ULTRAVOX_CONFORMANCE_CHECKS": json.dumps([checks])} if checks else {}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert (folder / "report.json").is_file(), ran.stdout + ran.stderr
    found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {each["title"]: ran.stdout for each in found["failures"]}


@pytest.mark.slow
def test_a_fault_that_plain_schemathesis_does_not_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tool"))
    # One after the other: the second with our hooks finds the plan that the first has kept.
    with running_emulator() as emulator:
        conforming = set(failures(tmp_path / "conforming", emulator, HOOKS))
    plain = {title for title in conforming if "conformance" not in title}
    assert conforming == plain, "no conforming server is accused"
    with running_emulator(["--fault", FAULT]) as emulator:
        assert set(failures(tmp_path / "plain", emulator, None)) == plain, "Schemathesis notices nothing of the fault"
        found = failures(tmp_path / "faulty", emulator, HOOKS, checks="mine.py")
    assert set(found) - plain == {f"Custom check failed: `conformance_{name}`" for name in ("default", "check")}
    text = "".join(found.values())
    assert "body.joinTimeout.default: Where joinTimeout is not sent, the response MUST show '30s'." in text
    assert "acme.short: callId MUST be short." in text


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., set[str]]]:
    """Judges a response as Schemathesis would, and returns the rules that our checks name."""
    from ultravox_conformance import schemathesis_hooks as hooks

    bodies = frozenset({json.dumps({"voice": "Mark"})}), frozenset({json.dumps({"temperature": 2})})
    monkeypatch.setattr(hooks, "_bodies", lambda: bodies)
    operation = schemathesis.openapi.from_path(str(DESCRIPTION))["/api/calls"]["POST"]
    ours: list[Any] = [hooks._check(side, "") for side in hooks._GROUPS]

    def judged(body: Any, status: int, shown: Any = None, method: Any = "POST") -> set[str]:
        response = httpx.Response(status, json=shown, request=httpx.Request("POST", "http://127.0.0.1/api/calls"))
        response.elapsed = datetime.timedelta(seconds=1)
        try:
            operation.Case(body=body, media_type="application/json", method=method).validate_response(response, checks=ours)
        except FailureGroup as group:
            lines = [line for failure in group.exceptions for line in str(failure).splitlines()]
            return {line.partition(": ")[0] for line in lines if ": " in line} - {"Custom check failed"}
        return set()

    yield judged
    unregister(hooks.before_add_examples)


def test_what_a_response_shows_of_any_body_and_of_ours(said: Callable[..., set[str]]) -> None:
    assert said({"temperature": 1.5}, 201) == {"body.temperature.maximum"}
    assert said({"temperature": 1.5}, 400) == said({"temperature": 2}, 400) == set()
    assert said({"temperature": 1.5}, 401) == set(), "Schemathesis may have left out the key"
    assert said({"temperature": 2}, 404) == {"status.refused"}
    assert said({"voice": "Mark"}, 400) == {"a valid body"}
    assert said({"voice": "Other"}, 400) == set(), "it may have been refused for its headers"
    assert said({}, 201, {"joinTimeout": "60s"}) >= {"body.joinTimeout.default"}
    assert said(b"no JSON", 400) == set()
    assert said({"temperature": 2}, 405, method="GET") == set(), "Schemathesis tries other methods too"
