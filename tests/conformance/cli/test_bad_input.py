"""Commands and files that are invalid: exit status 2, one line that says what, and no traceback."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from reports.program import program
from tests.conformance.conftest import Command, Ran
from tests.conformance.servers import KEY, Received, Reply, always, conforming, serving
from tests.conformance.sessions import ORDERS, orders_bench

ROOT = Path(__file__).parents[3]
FEW = ("run", "--openapi", str(ORDERS), "--no-overlay", "--quiet", "--select", "protocol.method", "--out")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
OPENAPI_2 = 'swagger: "2.0"\ninfo: {title: Old, version: "1"}\npaths: {}\n'
NO_OPERATION = 'openapi: 3.1.0\ninfo: {title: None, version: "1"}\npaths: {}\n'
CYCLE = """
openapi: 3.1.0
info: {title: Round, version: "1"}
paths:
  /api/calls:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}
      responses: {"201": {description: ok, content: {application/json: {schema: {type: object}}}}}
components:
  schemas:
    A: {$ref: "#/components/schemas/B"}
    B: {$ref: "#/components/schemas/A"}
"""


def invalid(ran: Ran, *reported: str) -> None:
    """Holds of every command that could not begin."""
    assert ran.exit == 2, (ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr
    lines = [line for line in ran.stderr.splitlines() if line.startswith(("conformance:", "python -m conformance"))]
    assert len(lines) == 1
    for text in reported:
        assert text in ran.stderr
    assert KEY not in ran.stderr + ran.stdout
    assert not (ran.out / "run.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        pytest.param(PNG, "", id="png"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(OPENAPI_2.encode(), "2.0", id="openapi 2"),
        pytest.param(NO_OPERATION.encode(), "", id="no operation"),
        pytest.param(CYCLE.encode(), "#/components/schemas/", id="reference cycle"),
        pytest.param(b"[]", "", id="a list"),
        pytest.param(b"openapi: 3.1.0\npaths: [", "", id="cut off"),
    ],
)
def test_a_description_that_is_none(command: Command, tmp_path: Path, content: bytes, reported: str) -> None:
    description = tmp_path / "description.yaml"
    description.write_bytes(content)
    ran = command("run", "--openapi", description, "--no-overlay", "--out", tmp_path / "out")
    invalid(ran, str(description), reported)
    assert len(ran.stderr.splitlines()) == 1


def test_what_could_not_be_written_at_the_end_is_reported_at_the_beginning(command: Command, tmp_path: Path) -> None:
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    invalid(command("run", "--out", tmp_path / "out"), "report.html: it is a directory")
    (tmp_path / "history").touch()
    invalid(command("run", "--out", tmp_path / "other", "--history", tmp_path / "history"), "--history")


def test_rules_that_do_not_exist_cannot_be_listed(command: Command) -> None:
    invalid(command("rules", "--select", "body.nothing.*"), "--select body.nothing.*: no rule has such an id")


def test_a_key_file_without_a_key(command: Command, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    arguments = ["--target", "http://127.0.0.1:9", "--key-file", tmp_path / "key", "--out", tmp_path / "out"]
    invalid(command("run", *arguments), "key: it is empty")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["--profile", "gentle"], "--profile gentle: there is no such profile"),
        (["--select", "body.nothing.*"], "--select body.nothing.*: no rule has such an id"),
        (["--openapi", "nowhere.yaml"], "nowhere.yaml"),
        (["--overlay", "nowhere.yaml"], "nowhere.yaml"),
        (["--target", "staging.example.com"], "give an http or https URL"),
        (["--target", "ftp://staging.example.com"], "give an http or https URL"),
        (["--target", "http://x.test:99999"], "give an http or https URL"),
        (["--target", "http://[x.test"], "give an http or https URL"),
        (["--target", "http://me:secret@x.test"], "user or password"),
        (["--target", "http://x.test", "--fault", "auth-tokens-any-type"], "does not go with --target"),
        (["--target", "http://x.test", "--parsing", "strict"], "does not go with --target"),
        (["--target", " http://x.test"], "give an http or https URL"),
        (["--target", "http://x y.test"], "give an http or https URL"),
        (["--no-overlay", "--overlay", "nowhere.yaml"], "not allowed with argument --no-overlay"),
        (["--target", "http://x.test", "--key-file", "nowhere"], "--key-file nowhere"),
        (["--fault", "no-such-fault"], "there is no such fault"),
        (["--reads", "nobody"], "is no parser that was asked; there are protobuf"),
        (["--known", "nowhere.toml"], "nowhere.toml"),
        (["--concurrency", "0"], "below 1"),
        (["--max-requests", "0"], "below 1"),
        (["--rate", "0"], "from 0.001"),
        (["--timeout", "nan"], "cannot be"),
        (["--seed", "x"], "--seed"),
        (["--url", "http://x.test"], "run: there is no option --url"),
        (["--key", KEY], "there is no option --key"),
        ([f"--key={KEY}"], "there is no option --key"),
        ([KEY], "an argument too many"),
    ],
)
def test_an_option_that_is_invalid(command: Command, tmp_path: Path, arguments: list[str], reported: str) -> None:
    invalid(command("run", "--out", tmp_path / "out", *arguments), reported)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"= 1", b"[[deviation]]\nnothing = 1\n", b"x = 1\n"])
def test_a_list_of_known_deviations_that_is_invalid(command: Command, tmp_path: Path, content: bytes) -> None:
    known = tmp_path / "known.toml"
    known.write_bytes(content)
    ran = command("report", tmp_path / "nothing.jsonl", "--known", known)
    assert ran.exit == 2
    assert len(ran.stderr.splitlines()) == 1


def test_no_key(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ULTRAVOX_API_KEY")
    invalid(command("run", "--out", tmp_path / "out", "--target", "http://x.test"), "set ULTRAVOX_API_KEY")


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "a\x00b"])
def test_a_key_that_no_header_can_carry(command: Command, tmp_path: Path, key: str) -> None:
    (tmp_path / "key").write_text(key, encoding="utf-8")
    ran = command("run", "--out", tmp_path / "out", "--target", "http://x.test", "--key-file", tmp_path / "key")
    invalid(ran, "the API key holds characters that no HTTP header can carry")
    assert key not in ran.stderr


def test_out_is_a_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    invalid(command("run", "--out", tmp_path / "out"), f"--out {tmp_path / 'out'}: ")
    assert (tmp_path / "out").read_text() == "in the way"


def test_out_is_in_a_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    invalid(command("run", "--out", tmp_path / "file" / "out"), "--out")


def test_a_report_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    with serving(always(404)) as url:
        ran = command("run", "--target", url, "--out", tmp_path / "out", "--quiet")
    assert ran.exit == 2
    assert ran.stderr.startswith(f"{program()}: {tmp_path / 'out' / 'report.html'}: ")
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="interrupting another process needs signals")
@pytest.mark.parametrize(("faulty", "status"), [pytest.param(False, 3, marks=pytest.mark.slow), (True, 1)])
def test_an_interrupted_run_reports_what_it_did(tmp_path: Path, faulty: bool, status: int) -> None:
    in_context, go_on, counter = threading.Event(), threading.Event(), itertools.count(1)
    response = conforming(contract=orders_bench().catalogue.contract)

    def until_then(received: Received) -> Reply | None:
        if next(counter) > 60:
            in_context.set()
            go_on.wait(60)
        reply = response(received)
        return Reply(200, reply.body) if faulty and reply is not None and reply.status == 201 else reply

    line = [
        sys.executable,
        "-m",
        "conformance",
        "run",
        "--openapi",
        str(ORDERS),
        "--no-overlay",
        "--out",
        str(tmp_path / "out"),
    ]
    with (
        serving(until_then) as url,
        subprocess.Popen(
            [*line, "--target", url],
            cwd=ROOT,
            env={**os.environ, "ULTRAVOX_API_KEY": KEY},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background may have had this signal ignored.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        ) as run,
    ):
        try:
            assert in_context.wait(60)
            run.send_signal(signal.SIGINT)
            stdout, stderr = run.communicate(timeout=60)
        finally:
            go_on.set()
    ran = Ran(run.returncode, stdout, stderr, tmp_path / "out")
    assert "Traceback" not in stdout + stderr
    assert ran.exit == status, (stdout, stderr)
    assert ran.footer()["outcome"] == ran.summary["outcome"] == "interrupted"
    assert ran.footer()["reason"] == "interrupted"
    assert sum(each["type"] == "exchange" for each in ran.record) > 40
    assert (ran.out / "report.html").stat().st_size > 0
    assert (ran.out / "junit.xml").stat().st_size > 0


@pytest.mark.parametrize("reader", ["true", pytest.param("head -c 0", marks=pytest.mark.slow)])
def test_a_reader_that_goes_away_changes_no_exit_status(reader: str, tmp_path: Path) -> None:
    run = f"{sys.executable} -m conformance {' '.join(FEW)} {tmp_path}"
    ran = subprocess.run(
        ["bash", "-c", f"{run} | {reader}; exit ${{PIPESTATUS[0]}}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_output_without_our_characters_loses_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", *FEW, str(tmp_path)]
    encoding = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=encoding)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Report:" in ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(("line", "status"), [(FEW, 0), (["rules"], 2)])
def test_an_output_that_is_full_accuses_nobody(line: Sequence[str], status: int, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "conformance", *line, *([str(tmp_path)] if "--out" in line else [])]
        ran = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == status
    assert ran.stderr.startswith(f"{program()}: the output: No space left")
    assert ran.stderr.count("\n") == 1
