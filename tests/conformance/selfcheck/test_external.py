"""Trials on a server of others: the lists are read, the server is started and ended, and rules name the faults."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from conformance.cli.main import main
from conformance.http.client import Client
from conformance.profiles import PROFILES
from conformance.selfcheck import matrix
from conformance.selfcheck.external import NOTHING, External, ListError, Server, ServerError, load_external, running
from conformance.selfcheck.matrix import Setup, Task
from conformance.selfcheck.trials import Bench, Trial
from openapi import load_contract
from openapi.catalogue import catalogue_of
from reports.exit_status import ExitStatus
from tests.conformance.servers import catalogue
from tests.plans import our_plan

_PYTHON = sys.executable
_SERVER = """
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(json.dumps([os.environ["FAULT"], os.environ["ULTRAVOX_API_KEY"], os.getpid()]).encode())
    def log_message(self, *arguments):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def _planted(**about: str) -> External:
    given = {"name": "fault", "family": "echo", "summary": "", "member": "", **about}
    return External(**given, expects=())


def test_the_server_is_reported_the_fault_and_the_key_and_ends_afterwards(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(_SERVER)
    server = Server(f"{_PYTHON} {script} {{port}}", "FAULT", "a.key", "ULTRAVOX_API_KEY")
    with running(server, "lost") as url, urllib.request.urlopen(url) as response:
        name, key, process = json.load(response)
    assert (name, key) == ("lost", "a.key")
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_server_without_a_fault_gets_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULT", "of the environment")
    script = tmp_path / "server.py"
    script.write_text(_SERVER.replace('os.environ["FAULT"]', 'os.environ.get("FAULT")'))
    server = Server(f"{_PYTHON} {script} {{port}}", "FAULT", "a.key", "ULTRAVOX_API_KEY")
    with running(server, NOTHING.name) as url, urllib.request.urlopen(url) as response:
        assert json.load(response)[0] is None


def _refused(tmp_path: Path, command: str) -> int:
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {name: lost, family: echo, member: voice}")
    return main(["selfcheck", "--server", command, "--faults", str(faults), "--jobs", "1"])


def test_a_server_that_cannot_be_started_is_refused_before_any_fault_is_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _refused(tmp_path, f"{_PYTHON} -c exit(3) {{port}}") == ExitStatus.INVALID
    (line,) = capsys.readouterr().err.splitlines()
    assert "ended with status 3" in line


@pytest.mark.parametrize("trial", ["fails", "unjudged", "conforms"])
def test_only_a_server_that_conforms_is_tried_with_faults(
    trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = list[str]()

    def carried_out(_setup: Setup, tasks: Sequence[Task], *_options: object) -> Iterator[Trial]:
        for task in tasks:
            tried.append(task.name)
            failed = ("body.voice.echo",) if task.name or trial == "fails" else ()
            outcome = "fails" if task.name else trial
            yield Trial(
                name=task.name,
                family="echo",
                summary="",
                expects=("body.voice.*",),
                failed=failed,
                outcome=outcome,
                reason="no key",
                requests=1,
                seconds=0.1,
                whole=True,
            )

    monkeypatch.setattr("conformance.cli.commands.selfcheck.carry_out", carried_out)
    status = _refused(tmp_path, "command {port}")
    assert status == (ExitStatus.CONFORMS if trial == "conforms" else ExitStatus.INVALID)
    assert tried == (["", "lost"] if trial == "conforms" else [""])
    reported = [line for line in capsys.readouterr().err.splitlines() if line.startswith("python -m conformance: ")]
    reasons = {"fails": "fails body.voice.echo, so that", "unjudged": "cannot be judged: no key"}
    assert len(reported) == (trial in reasons)
    assert reasons.get(trial, "") in "".join(reported)


def test_a_server_that_does_not_start_is_reported() -> None:
    with (
        pytest.raises(ServerError, match="ended with status 3"),
        running(Server(f"{_PYTHON} -c exit(3)", "FAULT", "a", "ULTRAVOX_API_KEY"), "x"),
    ):
        pass
    with (
        pytest.raises(ServerError, match="No such file"),
        running(Server("no-such-command {port}", "FAULT", "a", "ULTRAVOX_API_KEY"), "x"),
    ):
        pass


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "neither YAML nor JSON"),
        ("{}", "a list of entries"),
        ("- {family: echo}", "has no name"),
        ("- {name: a}\n- {name: a}", "the same name"),
        ("- {name: a, expects: body.*}", "list of globs"),
    ],
)
def test_an_invalid_list_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(text)
    with pytest.raises(ListError, match=problem):
        load_external(path, "faults")


def test_a_list_is_read_plain_or_as_a_member(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    for text in ('[{"name": "a"}]', '{"faults": [{"name": "a"}]}'):
        path.write_text(text)
        assert [each.name for each in load_external(path, "faults")] == ["a"]


def test_a_rule_names_a_fault_by_its_member_or_by_its_family() -> None:
    catalogue = catalogue_of(load_contract())
    temperature = _planted(member="temperature").expected(catalogue)
    assert "body.temperature.echo" in temperature
    assert "body.model.echo" not in temperature
    both = _planted(member="externalVoice").expected(catalogue)
    assert "body.voice-or-external-voice" in both  # its sentence mentions the member
    assert "auth.wrong-key" in _planted(family="authentication", member="X-API-Key").expected(catalogue)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--faults", "faults.yaml"],
        ["--server", "command {port}"],
        ["--server", "command", "--faults", "faults.yaml"],
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str]) -> None:
    assert main(["selfcheck", *arguments]) == ExitStatus.INVALID


class _Narrow(Bench):
    def run_against(self, client: Client, *_: object, **__: object) -> tuple[str, str | None, tuple[str, ...], int]:
        return super().run_against(client, ("body.voice-or-external-voice", "body.temperature.*"))


@pytest.mark.slow
def test_a_fault_of_a_reference_server_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "_benches", {})
    monkeypatch.setattr(Setup, "bench", lambda _setup: _Narrow(catalogue(), PROFILES["smoke"], our_plan()))
    # That it conforms without a fault is the business of tests/servers, and takes a whole run.
    monkeypatch.setattr("conformance.cli.commands.selfcheck._refuse_faulty", lambda *_: None)
    faults, written = tmp_path / "faults.yaml", tmp_path / "matrix.json"
    faults.write_text("- {name: two-voices, family: accepts-invalid, member: externalVoice}\n- {name: none, member: voice}")
    command = f"{_PYTHON} -m tests.servers.fastapi_pydantic {{port}}"
    common = ["selfcheck", "--server", command, "--variable", "DEVIATIONS", "--faults", str(faults), "--jobs", "1"]
    assert main([*common, "--select", "two-voices", "--json", str(written)]) in (0, ExitStatus.FAILS)
    (trial,) = json.loads(written.read_text())["trials"]
    assert (trial["caught"], trial["named"]) == (True, True)
