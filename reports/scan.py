"""Finding one exchange in a record without keeping the others."""

from __future__ import annotations

from pathlib import Path

from reports.reading import RecordError, parsed
from reports.record import Exchange, Header, from_json


def find_exchange(path: Path, number: int) -> tuple[Header, Exchange | None]:
    """The header of a record and the exchange of that number, if it is there. RecordError for a file that is no record."""
    header: Header | None = None
    with path.open("rb") as stream:
        for line in stream:
            try:
                data = parsed(line)
            except ValueError:
                break  # the record was cut off here
            if header is None or (data.get("type") == Exchange.type and data.get("number") == number):
                entry = from_json(data)
                if isinstance(entry, Exchange):
                    return _known(header, path), entry
                header = entry if isinstance(entry, Header) else header
    return _known(header, path), None


def _known(header: Header | None, path: Path) -> Header:
    if header is None:
        raise RecordError(path, 1, "there is no header: it is no record of a run")
    return header
