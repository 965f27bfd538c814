"""A run of any length: its peak memory while it is recorded, read and reported, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from benchmarks.descriptions import ROOT
from benchmarks.memory import peak, reset_peak
from reports.html.report import report_html
from reports.record.entries import Exchange, from_json
from reports.record.reader import exchanges_of, read_run
from reports.record.writer import RecordWriter
from reports.status import decide


def peaks(record: Path, count: int) -> dict[str, float]:
    """Peak megabytes after each step with a record of `count` exchanges, made of those of another record."""
    command = [sys.executable, "-m", "benchmarks.length", str(record.resolve()), str(count)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def main(source: Path, count: int) -> None:
    """Print the peaks as JSON."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        record = Path(name) / "run.jsonl"
        steps: dict[str, Callable[[], object]] = {
            "writing": lambda: _write(record, source, count),
            "reading": lambda: read_run(record),
            "report": lambda: _report(record),
        }
        for step, action in steps.items():
            reset_peak()
            action()
            found[step] = peak()
    print(json.dumps(found))


def _write(record: Path, source: Path, count: int) -> None:
    """The record of a run with so many exchanges, the rest of it as it was."""
    known = list(exchanges_of(source))
    with RecordWriter(record) as writer, source.open("rb") as lines:
        written = False
        for line in lines:
            entry = from_json(json.loads(line))
            if isinstance(entry, Exchange) and not written:
                for number, exchange in enumerate(islice(cycle(known), count), 1):
                    writer.write(replace(exchange, number=number, at=number / 500))
                written = True
            elif entry is not None and not isinstance(entry, Exchange):
                writer.write(entry)


def _report(record: Path) -> None:
    run = read_run(record)
    report_html(run, decide(run, None), record=record)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
