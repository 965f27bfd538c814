"""Read a record back into a Run: a fold over its lines that keeps only what a report can show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from reports.record.entries import FORMAT, Entry, Exchange, Header, from_json
from reports.record.fold import RunFold
from reports.record.format_1 import upgraded
from reports.record.recorded_run import Run

# Cheaper than parsing the lines that are no exchanges; the writer puts the kind first.
_EXCHANGE = b'"exchange"'
_BESIDE = b'"beside"'
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(unsafe_hash=True)
class RecordError(Exception):
    """A file that is no record of a run, or a damaged one. `line` counts from 1; 0 means the file itself."""

    path: Path
    line: int
    problem: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    offset: int
    text: bytes
    ended: bool


def read_run(path: Path) -> Run:
    """Return the run that the record at `path` holds, as far as it goes.

    A last line that was cut off is left out and noted. So are kinds of entry that this version does not know. RecordError where
    the file cannot be read, does not start with a header, or is damaged in the middle.
    """
    path = Path(path)
    with _opened(path) as stream:
        return _read(path, stream)


def header_of(path: Path) -> Header:
    """Return the header of the record at `path`. RecordError where the file cannot be read or has none."""
    with _opened(path) as stream:
        return _header(path, next(_lines(stream), None))


def headers_of(path: Path) -> list[Header]:
    """Return the header of the record at `path` by each description that its run was about. RecordError as in `header_of`."""
    with _opened(path) as stream:
        lines = _lines(stream)
        found = [_header(path, next(lines, None))]
        for line in lines:
            if not line.ended or _EXCHANGE in line.text[:40]:
                break  # each description has its header before the first exchange
            if _BESIDE in line.text[:40]:
                try:
                    entry = _entry(parsed(line.text)["entry"], found[0].format)
                except _DAMAGED as error:
                    raise RecordError(path, line.number, f"a damaged entry: {_reason(error)}") from error
                if isinstance(entry, Header):
                    return [*found, entry]
        return found


def exchanges_of(path: Path) -> Iterator[Exchange]:
    """Yield every exchange of the record at `path` in order; a last line that was cut off is left out.

    RecordError where the file cannot be read, or an exchange is damaged.
    """
    with _opened(path) as stream:
        lines = _lines(stream)
        written = _header(path, next(lines, None)).format
        for line in lines:
            if _EXCHANGE in line.text[:40] and line.ended:
                try:
                    entry = _entry(parsed(line.text), written)
                except _DAMAGED as error:
                    raise RecordError(path, line.number, f"a damaged entry: {_reason(error)}") from error
                if isinstance(entry, Exchange):
                    yield entry


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise RecordError(path, 0, error.strerror or str(error)) from error


def _read(path: Path, stream: BinaryIO) -> Run:
    lines = _lines(stream)
    header = _header(path, next(lines, None))
    fold = RunFold(header)
    for line in lines:
        if line.text.strip():
            _take(fold, path, line)
    kept = [_entry(parsed(_line_at(stream, offset)), header.format) for offset in fold.wanted()]
    return fold.value([entry for entry in kept if entry is not None])


def _header(path: Path, line: _Line | None) -> Header:
    if line is None or not line.text.strip():
        raise RecordError(path, 0, "the file is empty; a record starts with a header")
    try:
        data = parsed(line.text)
        entry = _entry(data, 1 if data.get("format") == 1 else FORMAT)
    except _DAMAGED as error:
        raise RecordError(path, 1, f"this is no record of a run: {_reason(error)}") from error
    if not isinstance(entry, Header):
        raise RecordError(path, 1, "this is no record of a run: its first line is not a header")
    if entry.format < 1:
        raise RecordError(path, 1, f"format {entry.format} is none that this version reads (1 to {FORMAT})")
    return entry


def _entry(data: dict[str, Any], written: int) -> Entry | None:
    """Return the entry of a line in the format in which the record was written; None for an unknown kind."""
    return from_json(upgraded(data) if written == 1 else data)


def _take(fold: RunFold, path: Path, line: _Line) -> None:
    try:
        data = parsed(line.text)
        entry = _entry(data, fold.header.format)
        if entry is None:
            fold.unknown(str(data.get("type")))
        else:
            fold.add(entry, line.offset)
    except _DAMAGED as error:
        # Only the last line can be half a line: a record is appended to, line by line.
        if not line.ended:
            fold.note("The record ends in the middle of a line; that line was left out.")
            return
        raise RecordError(path, line.number, f"a damaged entry: {_reason(error)}") from error


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    offset = 0
    for number, text in enumerate(stream, 1):
        yield _Line(number, offset, text, text.endswith(b"\n"))
        offset += len(text)


def _line_at(stream: BinaryIO, offset: int) -> bytes:
    stream.seek(offset)
    return stream.readline()


def parsed(text: bytes) -> dict[str, Any]:
    """Return a line of a record as an object. ValueError where it is none."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        # orjson refuses lone surrogates, which a body that was no UTF-8 is recorded with.
        data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("the line is not a JSON object")
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return "its first line is no JSON object"
    return f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
