"""The commands beside `run`: what each prints, writes and returns."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import orjson
import pytest

from conformance import VERSION
from conformance.cli.main import main
from conformance.embedded import EMULATOR_KEY
from conformance.run import PHASES, carry_out
from conformance.session.heading import header
from reports.record.writer import RecordWriter
from tests.conformance.conftest import Command
from tests.conformance.servers import KEY, Received, Reply, Response, always, catalogue, conforming, serving
from tests.conformance.sessions import session_with
from tests.openapi.synthetic import description, written

ROOT = Path(__file__).parents[3]
FEW = ("protocol.*", "auth.*", "observed.no-utf-8")


def recorded(path: Path, *, lets_in: bool = False) -> Path:
    """The record of a run of some phases on the conforming emulator, or on one that any key opens."""
    path.write_bytes(_record(lets_in))
    return path


@cache
def _record(lets_in: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.jsonl"
        response = letting_in if lets_in else conforming()
        with RecordWriter(path) as writer, session_with(response, select=FEW, write=writer.write) as session:
            phases = {name: PHASES[name] for name in ("auth", "protocol", "probes")}
            carry_out(session, header(session.catalogue, session, embedded=False, command=""), phases)
        return path.read_bytes()


def letting_in(received: Received) -> Reply | None:
    """The conforming emulator, but any key opens it."""
    return _CONFORMING(
        Received(received.method, received.path, received.query, {**received.headers, "x-api-key": KEY}, received.body)
    )


_CONFORMING = conforming()


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"ultravox-conformance {VERSION}\n"


def test_rules_as_json(command: Command) -> None:
    ran = command("rules", "--json", "--select", "body.temperature.*")
    assert ran.exit == 0
    rules = {each["id"]: each for each in json.loads(ran.stdout)}
    assert "body.temperature.maximum" in rules
    assert all(each["requirement"] and each["source"] for each in rules.values())


def test_rules_as_a_list(command: Command) -> None:
    ran = command("rules")
    assert ran.exit == 0
    assert len(ran.stdout.splitlines()) == len(catalogue().rules)
    assert f"{len(catalogue().rules)} rules" in ran.stderr


@pytest.mark.skipif(os.name != "posix", reason="interrupting another process needs signals")
def test_emulate_serves_until_it_is_asked_to_stop() -> None:
    line = [sys.executable, "-m", "conformance", "emulate", "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "ULTRAVOX_API_KEY"}
    with subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        admits, listens = server.stdout.readline(), server.stdout.readline()
        assert EMULATOR_KEY in admits
        url = listens.split()[-1] + "/api/calls"
        assert httpx.post(url, json={}, headers={"X-API-Key": EMULATOR_KEY}).status_code == 201
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=30)
    assert "Traceback" not in errors


@pytest.mark.parametrize("what", ["--fault", "--variant"])
def test_emulate_lists_what_it_knows(command: Command, what: str) -> None:
    ran = command("emulate", what, "list")
    assert ran.exit == 0
    assert len(ran.stdout.splitlines()) > 2


def test_emulate_on_a_port_that_cannot_be(command: Command) -> None:
    ran = command("emulate", "--port", "99999")
    assert ran.exit == 2
    assert "99999 is no port" in ran.stderr


def numbered(record: Path, label: str) -> int:
    """The number of the first exchange whose label begins so."""
    entries = map(json.loads, record.read_bytes().splitlines())
    return next(int(each["number"]) for each in entries if str(each.get("label", "")).startswith(label))


@pytest.mark.parametrize(
    ("label", "response", "status"),
    [
        ("an empty body", None, 0),
        ("an empty body", always(500), 3),
        ("no key", None, 0),
        ("the key without its last character", None, 0),
        ("another key of the same shape", None, 0),
        ("bytes that are no UTF-8", None, 0),
    ],
)
def test_replay(command: Command, tmp_path: Path, label: str, response: Response | None, status: int) -> None:
    record = recorded(tmp_path / "run.jsonl")
    with serving(response or conforming()) as url:
        ran = command("replay", record, "--exchange", str(numbered(record, label)), "--target", url)
    assert ran.exit == status, ran.stdout + ran.stderr
    assert "then: " in ran.stdout
    assert "now: " in ran.stdout
    assert ("another status; " if status else "the same status; ") in ran.stdout
    assert KEY not in ran.stdout


def test_replay_sends_the_bytes_that_were_sent(command: Command, tmp_path: Path) -> None:
    record, bodies = recorded(tmp_path / "run.jsonl"), []

    def listening(received: Received) -> Reply:
        bodies.append(received.body)
        return Reply(400)

    with serving(listening) as url:
        number = numbered(record, "bytes that are no UTF-8")
        command("replay", record, "--exchange", str(number), "--target", url)
    assert bodies == [b'{"a": "\xff\xfe"}']


def test_replay_of_nothing(command: Command, tmp_path: Path) -> None:
    record = recorded(tmp_path / "run.jsonl")
    assert command("replay", record, "--exchange", "99999", "--target", "http://x.test").exit == 2
    assert command("replay", tmp_path / "nothing", "--exchange", "1").exit == 2
    unknown = command("replay", record, "--rule", "auth.missing-keys")
    assert (unknown.exit, unknown.stdout) == (2, "")
    assert "has no such rule; near: auth.missing-key" in unknown.stderr
    assert "no rule failed in this run; --rule RULE or --exchange N" in command("replay", record).stderr


def test_replay_of_a_rule_judges_each_of_its_failures(command: Command, tmp_path: Path) -> None:
    recorded(tmp_path / "run.jsonl", lets_in=True)
    replay = ("replay", tmp_path, "--rule", "auth.missing-key", "--target")
    with serving(letting_in) as url:
        fails = command(*replay, url)
    with serving(conforming()) as url:
        passes = command(*replay, url)
    with serving(always(503)) as url:
        unclear = command(*replay, url)
    assert (fails.exit, passes.exit, unclear.exit) == (1, 0, 3)
    assert "still fails: auth.missing-key" in fails.stdout
    assert "now passes: auth.missing-key" in passes.stdout
    assert "another status: auth.missing-key" in unclear.stdout
    assert f"another server: {url}" in unclear.stdout


def test_replay_plants_the_faults_of_the_run_again(command: Command, tmp_path: Path) -> None:
    run = ("run", "--select", "body.temperature.*", "--quiet", "--out", tmp_path)
    assert command(*run, "--fault", "temperature-negative").exit == 1
    fails = command("replay", tmp_path, "--rule", "body.temperature.minimum")
    assert (fails.exit, "with --fault temperature-negative" in fails.stdout) == (1, True)
    assert "still fails: body.temperature.minimum" in fails.stdout
    assert "The bodies are the same, but for what the server makes each time." in fails.stdout
    every = command("replay", tmp_path)  # all failures, without a number
    assert (every.exit, every.stdout) == (1, fails.stdout)
    holds = command("replay", tmp_path, "--rule", "body.temperature.maximum")
    assert (holds.exit, holds.stdout.count("the same status;")) == (0, holds.stdout.count("exchange "))


@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_a_report_from_a_record_that_was_cut_off(command: Command, tmp_path: Path, share: float) -> None:
    record = recorded(tmp_path / "run.jsonl")
    whole = record.read_bytes()
    record.write_bytes(whole[: int(len(whole) * share)])
    ran = command("report", record, "--out", tmp_path / "out")
    assert ran.exit == 3, ran.stderr
    assert ran.summary["outcome"] == "interrupted"
    assert (ran.out / "report.html").stat().st_size > 0


def test_a_report_says_what_the_run_said(command: Command, tmp_path: Path) -> None:
    record = recorded(tmp_path / "run.jsonl", lets_in=True)
    ran = command("report", record, "--out", tmp_path / "out")
    assert ran.exit == 1
    assert "auth.missing-key" in ran.summary["failed"]


def test_a_comparison_reports_what_broke(command: Command, tmp_path: Path) -> None:
    valid, invalid = recorded(tmp_path / "a.jsonl"), recorded(tmp_path / "b.jsonl", lets_in=True)
    broke = command("compare", valid, invalid, "--html", tmp_path / "compared.html")
    assert broke.exit == 1
    assert "auth.missing-key" in broke.stdout
    assert (tmp_path / "compared.html").read_text().startswith("<!doctype html>")
    [data] = json.loads(command("compare", valid, invalid, "--json").stdout)
    assert "auth.missing-key" in [each["rule"] for each in data["sections"]["Broke"]]
    assert command("compare", valid, invalid, "--json", "--exchanges").exit == 2
    assert command("compare", invalid, valid).exit == 0
    assert command("compare", valid, valid).exit == 0
    assert command("compare", valid, tmp_path / "nothing").exit == 2


def test_known_deviations_go_round(command: Command, tmp_path: Path) -> None:
    record, known = recorded(tmp_path / "run.jsonl", lets_in=True), tmp_path / "known.toml"
    assert command("known", record, "--update", known).exit == 0
    excused = command("report", record, "--known", known, "--out", tmp_path / "out")
    assert excused.exit == 0, excused.stdout
    assert excused.summary["failed"] == []
    before = known.read_bytes()
    assert command("known", record, "--update", known).exit == 0
    assert known.read_bytes() == before
    conforming_one = recorded(tmp_path / "conforming.jsonl")
    assert command("report", conforming_one, "--known", known, "--out", tmp_path / "out").exit == 1


def test_a_record_of_other_things(command: Command, tmp_path: Path) -> None:
    for content in (b"", b"{}\n", b"\x89PNG\r\n", orjson.dumps([1])):
        (tmp_path / "run.jsonl").write_bytes(content)
        for line in (["report"], ["compare", tmp_path / "run.jsonl"], ["replay", "--exchange", "1"]):
            ran = command(line[0], tmp_path / "run.jsonl", *line[1:])
            assert ran.exit == 2, (content, line)
            assert len(ran.stderr.splitlines()) == 1


def test_notes_name_what_has_no_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "format": "phone"}, "b": {"not": False}}}
    file = written(tmp_path, description(schema))
    assert main(["rules", "--openapi", file, "--no-overlay", "--notes", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["count"] == len(found["notes"]) == 2
    assert found["notes"][0].endswith("format 'phone' is not asserted")
    assert found["notes"][1] == "body.b.not: no violation could be constructed"


def test_notes_name_what_any_value_is_valid_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = {"type": "object", "properties": {"c": True, "d": {"minContains": 2}, "e": {"type": "string"}}}
    schema = {"type": "object", "properties": {"a": {}, "b": inner, "m": {"type": "object", "additionalProperties": {}}}}
    file = written(tmp_path, description(schema))
    assert main(["rules", "--openapi", file, "--no-overlay", "--notes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"notes": [], "count": 0, "any-value": ["body.a", "body.b.c", "body.b.d"]}
    assert main(["rules", "--openapi", file, "--no-overlay", "--notes"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Any value is valid for body.a, body.b.c, body.b.d."
