"""The journal of created objects: on disk before a request may create one, so that a killed run leaves no litter.

    {"target": ...}         the head: where the objects are, and how one is deleted
    {"intend": 7}           the seventh request that may create an object is about to be sent
    {"created": "3bc7..."}  an object exists
    {"settled": 7}          as many requests have been responded to: what they created is known
    {"deleted": "3bc7..."}  it is gone
    {"complete": true}      the run has ended, and the target shows nothing that is left

Each line is with the system when the call returns, so it outlives the process. What was created and not deleted is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from conformance.http.finding_left import Finder
from conformance.http.keys import forms_of
from openapi.contract import Contract
from reports.record.key_forms import Form
from strategies.case import Case

NAME = "created.jsonl"


class JournalError(Exception):
    """A file is no journal of a run."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """How the objects of a journal are deleted: `delete` is a path with one variable, None where there is no such operation.

    `keys` are the forms of the credentials by place; `variable` is the environment variable that holds the first one.
    `find` says how those are found whose ids are not here.
    """

    target: str
    noun: str
    delete: str | None
    keys: dict[str, Form]
    variable: str
    find: Finder | None = None

    @classmethod
    def of(cls, contract: Contract, target: str, find: Finder | None = None) -> Head:
        """Return the head for the objects of a contract on a target."""
        keys = forms_of(contract, contract.keys)
        path = None if contract.delete is None else contract.delete.path
        noun = contract.data.created.noun
        return cls(target=target, noun=noun, delete=path, keys=keys, variable=contract.key_variable, find=find)


class FileJournal:
    """A journal that is written while a run goes on. OSError where the file cannot be written."""

    def __init__(self, path: Path, head: Head) -> None:
        self._stream = path.open("wb")
        self._intended = self._settled = 0
        self._write(asdict(head))

    def __enter__(self) -> FileJournal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()

    def intend(self, _case: Case) -> None:
        """See :class:`conformance.http.live_objects.Journal`."""
        self._intended += 1
        self._write({"intend": self._intended})

    def settled(self) -> None:
        """See :class:`conformance.http.live_objects.Journal`."""
        self._settled += 1
        self._write({"settled": self._settled})

    def created(self, identity: str) -> None:
        """See :class:`conformance.http.live_objects.Journal`."""
        self._write({"created": identity})

    def deleted(self, identity: str) -> None:
        """See :class:`conformance.http.live_objects.Journal`."""
        self._write({"deleted": identity})

    def complete(self) -> None:
        """See :class:`conformance.http.live_objects.Journal`."""
        self._write({"complete": True})

    def _write(self, entry: dict[str, Any]) -> None:
        self._stream.write(json.dumps(entry).encode() + b"\n")
        self._stream.flush()


@dataclass
class Left:
    """The remainder by a journal: ids in the order of creation. `unknown` requests were under way when the run was killed.

    `is_complete` says that the run had looked for what is left, and found nothing.
    """

    head: Head
    identities: dict[str, None] = field(default_factory=dict)
    unknown: int = 0
    is_complete: bool = False


def left_in(path: Path) -> Left:
    """Return what a journal says is left. JournalError where the file is none, OSError where it cannot be read."""
    entries = _entries(path)
    try:
        head = next(entries)
        find = head.pop("find", None)
        left = Left(Head(**head, find=None if find is None else Finder.from_json(find)))
    except (StopIteration, KeyError, TypeError, ValueError) as error:
        raise JournalError(f"{path}: this is no journal of created objects") from error
    intended = settled = 0
    for entry in entries:
        intended, settled = entry.get("intend", intended), entry.get("settled", settled)
        left.is_complete = left.is_complete or "complete" in entry
        if "created" in entry:
            left.identities[entry["created"]] = None
        if "deleted" in entry:
            left.identities.pop(entry["deleted"], None)
    left.unknown = intended - settled
    return left


def note_deleted(path: Path, identity: str) -> None:
    """Add to a journal that an object is gone."""
    with path.open("ab") as stream:
        stream.write(json.dumps({"deleted": identity}).encode() + b"\n")


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries of a journal; a last line that was cut off is left out."""
    with path.open("rb") as stream:
        for line in stream:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry
