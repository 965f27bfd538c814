"""A killed run is resumed: what its record holds is not sent again, and the verdicts are those of a whole run."""

from __future__ import annotations

from pathlib import Path

from conformance.results.resumed import BEFORE
from tests.conformance.conftest import Command
from tests.conformance.servers import Received, Reply, conforming, serving
from tests.conformance.sessions import ORDERS, orders_bench

SMALL = ("--openapi", str(ORDERS), "--no-overlay")


def test_a_resumed_run_sends_the_rest_and_comes_to_the_same_verdicts(command: Command, tmp_path: Path) -> None:
    received: list[Received] = []
    response = conforming(contract=orders_bench().catalogue.contract)

    def noted(each: Received) -> Reply | None:
        received.append(each)
        return response(each)

    out = tmp_path / "out"
    with serving(noted) as url:
        arguments = ("--target", url, "--out", out, "--quiet", "--concurrency", "1")
        whole = command("run", *arguments, *SMALL)
        verdicts, sent = whole.verdicts(), len(received)
        lines = (out / "run.jsonl").read_bytes().splitlines(keepends=True)
        exchanges = [at for at, line in enumerate(lines) if b'"exchange"' in line[:40]]
        cut = exchanges[len(exchanges) * 3 // 4]
        (out / "run.jsonl").write_bytes(b"".join(lines[:cut]) + lines[cut][:50])  # killed while it wrote a line
        received.clear()
        resumed = command("run", "--resume", out, "--quiet")
    assert (resumed.exit, whole.exit) == (0, 0)
    assert len(received) < sent * 3 // 4
    assert {rule: each["outcome"] for rule, each in resumed.verdicts().items()} == {
        rule: each["outcome"] for rule, each in verdicts.items()
    }
    assert not (out / BEFORE).exists()


def test_the_record_of_a_killed_run_shows_verdicts(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", "--out", out, "--quiet", *SMALL)
    lines = (out / "run.jsonl").read_bytes().splitlines(keepends=True)
    last = max(at for at, line in enumerate(lines) if b'"exchange"' in line[:40])
    (out / "run.jsonl").write_bytes(b"".join(lines[: last + 1]))
    assert command("report", out / "run.jsonl").exit == 3
    reported = command("report", out / "run.jsonl").summary
    assert reported["passed"] > 0
    assert (reported["outcome"], reported["left"]) == ("interrupted", None)


def test_what_has_no_record_is_not_resumed(command: Command, tmp_path: Path) -> None:
    ran = command("run", "--resume", tmp_path)
    assert (ran.exit, len(ran.stderr.splitlines())) == (2, 1)
