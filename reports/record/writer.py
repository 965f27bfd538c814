"""Write the record of a run during the run."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock
from types import TracebackType

import orjson

from reports.record.entries import Entry, to_json


class RecordWriter:
    """A new record at `path`. Each entry is a line that the system has when `write` returns.

    Several threads may write. OSError where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._lock = Lock()

    def __enter__(self) -> RecordWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self.path.open("wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()

    def write(self, entry: Entry) -> None:
        """Append an entry."""
        line = _line(entry)
        with self._lock:
            self._stream.write(line)
            # Handed to the system at once: a killed run keeps all but the line being written.
            self._stream.flush()


def _line(entry: Entry) -> bytes:
    """Return an entry as a line of the record, equal to `to_json`; orjson reads dataclasses directly."""
    try:
        return b'{"type":"%b",%b\n' % (entry.type.encode(), orjson.dumps(entry)[1:])
    except TypeError:
        # Lone surrogates, from bytes that were no UTF-8, and whole numbers beyond 64 bits.
        return json.dumps(to_json(entry)).encode() + b"\n"
