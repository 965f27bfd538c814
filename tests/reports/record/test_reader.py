"""A record is read as far as it goes, and a file that is none says so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports.record.entries import Exchange, Footer, Outcome, Request, Response, Verdict
from reports.record.reader import RecordError, exchanges_of, header_of, read_run
from reports.record.writer import RecordWriter
from tests.reports.synthetic.runs import HEADER, bulk_record, entries, write_record


def test_what_was_written_is_read(conforming_record: Path) -> None:
    run = read_run(conforming_record)
    written = list(entries(count=120))
    assert run.header == HEADER
    assert list(run.rules.values()) == [entry for entry in written if entry.type == "rule"]
    assert list(run.verdicts.values()) == [entry for entry in written if entry.type == "verdict"]
    assert run.footer == written[-1]
    assert run.notes == []


def test_only_the_exchanges_that_verdicts_name_are_kept(tmp_path: Path) -> None:
    path = write_record(tmp_path / "run.jsonl", count=2000)
    run = read_run(path)
    named = {number for verdict in run.verdicts.values() for number in verdict.exchanges}
    assert set(run.exchanges) == named
    assert run.traffic.exchanges == 2000
    assert all(run.exchanges[number].number == number for number in named)


def test_every_exchange_can_be_streamed(conforming_record: Path) -> None:
    assert [exchange.number for exchange in exchanges_of(conforming_record)] == list(range(1, 121))
    assert header_of(conforming_record) == HEADER


def test_exchanges_are_streamed_up_to_where_a_record_was_cut_off(conforming_record: Path, tmp_path: Path) -> None:
    lines = conforming_record.read_bytes().splitlines(keepends=True)
    last = max(index for index, line in enumerate(lines) if b'"exchange"' in line[:40])
    cut = tmp_path / "run.jsonl"
    cut.write_bytes(b"".join(lines[:last]) + lines[last][:-5])
    assert [exchange.number for exchange in exchanges_of(cut)] == list(range(1, 120))


def test_a_damaged_exchange_is_reported_with_its_line(conforming_record: Path, tmp_path: Path) -> None:
    lines = conforming_record.read_bytes().splitlines(keepends=True)
    first = next(index for index, line in enumerate(lines) if b'"exchange"' in line[:40])
    damaged = tmp_path / "run.jsonl"
    damaged.write_bytes(b"".join([*lines[:first], lines[first][:60] + b"\n", *lines[first + 1 :]]))
    with pytest.raises(RecordError, match=f"run.jsonl:{first + 1}: a damaged entry: "):
        list(exchanges_of(damaged))


@pytest.mark.parametrize("read", [header_of, lambda path: list(exchanges_of(path))], ids=["header", "exchanges"])
def test_a_record_that_is_not_there_is_reported(read: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="No such file"):
        read(tmp_path / "none.jsonl")


@pytest.mark.parametrize("left", [0.999, 0.8, 0.5, 0.2])
def test_a_record_that_was_cut_off_is_read_up_to_there(conforming_record: Path, tmp_path: Path, left: float) -> None:
    content = conforming_record.read_bytes()
    cut = tmp_path / "run.jsonl"
    cut.write_bytes(content[: int(len(content) * left)])
    run = read_run(cut)
    assert run.footer is None
    assert any("cut off" in note for note in run.notes)
    unjudged = [verdict for verdict in run.verdicts.values() if verdict.outcome is Outcome.SKIP]
    assert {verdict.reason for verdict in unjudged} <= {"the record ends before its verdict"}


def test_a_rule_without_a_verdict_says_so(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RecordWriter(path) as writer:
        for entry in entries(count=3):
            if not (isinstance(entry, Verdict) and entry.rule == "status.created"):
                writer.write(entry)
    verdict = read_run(path).verdicts["status.created"]
    assert (verdict.outcome, verdict.reason) == (Outcome.SKIP, "the run was not about it")


def test_a_verdict_without_a_rule_is_shown_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RecordWriter(path) as writer:
        writer.write(HEADER)
        writer.write(Verdict(rule="body.new.rule", outcome=Outcome.FAIL, sides={}))
    assert read_run(path).rules["body.new.rule"].area == "unlisted"


def test_a_newer_format_is_read_with_a_note(conforming_record: Path, tmp_path: Path) -> None:
    lines = conforming_record.read_text().splitlines()
    header = json.loads(lines[0]) | {"format": 99, "colour": "blue"}
    newer = tmp_path / "run.jsonl"
    newer.write_text("\n".join([json.dumps(header), '{"type": "weather", "rain": true}', *lines[1:]]) + "\n")
    run = read_run(newer)
    assert run.header == replace(HEADER, format=99)
    assert run.notes == [
        "The record has format 99, newer than this version's 2.",
        "Entries of an unknown kind were left out: weather.",
    ]


def test_keys_with_a_default_may_be_missing(conforming_record: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in conforming_record.read_text().splitlines()]
    for data in lines:
        for key in {"header": ["contract", "key_header", "key_variable"], "rule": ["place"], "verdict": ["observed"]}.get(
            data["type"], []
        ):
            del data[key]
        if data["type"] == "exchange":
            del data["error"], data["request"]["key"]
    older = tmp_path / "run.jsonl"
    older.write_text("".join(json.dumps(data) + "\n" for data in lines))
    assert read_run(older).traffic.exchanges == 120


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 0, "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "this is no record of a run"),
        (b'{"outcome": "conforms"}\n', 1, "its first line is not a header"),
        (b'{"type": "header", "suite": "s"}\n', 1, "missing"),
        (b"[]\n", 1, "not a JSON object"),
        (b"null\n", 1, "not a JSON object"),
    ],
)
def test_a_file_that_is_no_record_says_so(tmp_path: Path, content: bytes, line: int, problem: str) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(RecordError) as caught:
        read_run(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert problem in caught.value.problem
    assert str(caught.value).startswith(f"{path}")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="No such file"):
        read_run(tmp_path / "none.jsonl")


def test_damage_in_the_middle_is_an_error(conforming_record: Path, tmp_path: Path) -> None:
    lines = conforming_record.read_bytes().splitlines(keepends=True)
    damaged = tmp_path / "run.jsonl"
    damaged.write_bytes(b"".join([*lines[:20], lines[20][:30] + b"\n", *lines[21:]]))
    with pytest.raises(RecordError) as caught:
        read_run(damaged)
    assert caught.value.line == 21


def test_a_status_that_is_no_number_is_damage(conforming_record: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "run.jsonl"
    damaged.write_bytes(conforming_record.read_bytes().replace(b'"status":201', b'"status":"x"', 1))
    with pytest.raises(RecordError, match="a damaged entry"):
        read_run(damaged)


def test_bytes_that_are_no_text_survive(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    body = b'{"a": "\xff"}'.decode("utf-8", errors="surrogateescape")
    exchange = Exchange(
        number=1,
        case="c",
        aims=["r"],
        side="rejects",
        label="",
        phase="planned",
        request=Request(method="POST", path="/", body=body),
        response=Response(status=400, body='{"n": 1e999}'),
        at=0.0,
        seconds=0.1,
    )
    with RecordWriter(path) as writer:
        writer.write(HEADER)
        writer.write(exchange)
        writer.write(Verdict(rule="r", outcome=Outcome.PASS, sides={}, exchanges=[1]))
    assert read_run(path).exchanges[1] == exchange


def test_what_was_written_is_on_disk_before_the_writer_closes(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.jsonl"
    with RecordWriter(path) as writer:
        writer.write(HEADER)
        assert read_run(path).header == HEADER
        writer.write(Footer(finished="", outcome="conforms", exit=0, reason=None, requests=0, seconds=0))
    assert read_run(path).footer is not None


def peak_of_reading(path: Path) -> int:
    """The KiB that a fresh process needs at most to read a record."""
    program = (
        "import resource, sys\n"
        "from reports.record.reader import read_run\n"
        "read_run(sys.argv[1])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], check=True, capture_output=True)
    return int(done.stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_exchanges(tmp_path: Path) -> None:
    small = peak_of_reading(bulk_record(tmp_path / "small.jsonl", count=2_000))
    large = peak_of_reading(bulk_record(tmp_path / "large.jsonl", count=10_000))
    assert large - small < 6_600, f"8,000 more exchanges took {large - small} KiB more"
