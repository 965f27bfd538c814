"""A resumed run: requests whose responses the record of the killed run holds are not sent again.

The plan of a seed is the same each time, so the run goes the same way again. It takes each response from the record until the
record ends. What depends on objects that exist at the moment (reading, deleting, parents) is sent again.

    killed run    1 2 3 4 5 6 x        resumed run    1 (2 3 4 5 6 from the record) 7 8 9 …
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import orjson

from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.journal import NAME, JournalError, left_in
from conformance.http.target import Target
from conformance.results.recording import request_entry
from openapi.contract import Contract
from reports.record import entries as record
from reports.record.reader import RecordError, exchanges_of
from strategies.case import Case, Side

RECORD, BEFORE = "run.jsonl", "run.before.jsonl"
_CUT = " characters)"
_GONE = 204


class ResumedClient(Client):
    """A client that takes responses from earlier exchanges. `left` are the ids of the objects that still exist."""

    def __init__(self, target: Target, contract: Contract, earlier: Iterable[record.Exchange], left: Iterable[str]) -> None:
        super().__init__(target, contract)
        self.left = tuple(left)
        self.taken = 0
        self._earlier: dict[bytes, deque[record.Exchange]] = defaultdict(deque)
        self._gone: set[str] = set()
        for each in earlier:
            self._earlier[_key(each.case, each.request)].append(each)

    def join(self, other: Client) -> None:
        """Take part in the run of another client, which takes from the same exchanges."""
        super().join(other)
        if isinstance(other, ResumedClient):
            self._earlier, self._gone = other._earlier, other._gone

    async def attempt(self, case: Case, number: int, *, fresh: bool = False) -> Exchange:
        """See :meth:`Client.attempt`."""
        if not number and case.path is not None and unquote(case.path).rsplit("/", 1)[-1] in self._gone:
            return self._exchange(case, number, time.monotonic(), _GONE)
        found = self._found(case) if number > 1 and not fresh else None
        if found is None or found.response is None:
            return await super().attempt(case, number, fresh=fresh)
        self.taken += 1
        response = found.response
        content = response.body.encode("utf-8", "surrogatepass")
        exchange = self._exchange(case, number, time.monotonic(), response.status, dict(response.headers), content)
        if isinstance(exchange.json, dict):
            self._gone |= {value for value in exchange.json.values() if isinstance(value, str)} - set(self.left)
        return exchange

    def _found(self, case: Case) -> record.Exchange | None:
        """Return the earlier exchange of a case; None where there is none, or where it depends on what exists."""
        parent = self.contract.data.created.parent
        if case.path is not None or case.side is Side.STATE or any(name == parent for name, _ in case.query):
            return None
        waiting = self._earlier.get(_key(case.id, request_entry(case, self.contract, self.redaction, self.tagged(case))))
        return waiting.popleft() if waiting else None


def _key(case: str, request: record.Request) -> bytes:
    text = repr((case, request))  # orjson refuses the lone surrogates of bodies that are no UTF-8
    return orjson.dumps(text.encode("utf-8", "backslashreplace").decode())


def earlier_in(folder: Path) -> list[record.Exchange]:
    """Return the exchanges of a killed run with a whole response, and keep its record beside the one to come.

    RecordError where the folder holds no record.
    """
    found = [each for path in (folder / BEFORE, folder / RECORD) if path.is_file() for each in exchanges_of(path)]
    if not (folder / RECORD).is_file():
        raise RecordError(folder / RECORD, 0, "there is no such record")
    if (folder / BEFORE).is_file():
        with (folder / RECORD).open("rb") as lines, (folder / BEFORE).open("ab") as stream:
            stream.writelines(line for line in lines if b'"exchange"' in line[:40] and line.endswith(b"\n"))
    else:
        (folder / RECORD).rename(folder / BEFORE)
    return [each for each in found if each.response is not None and not _is_cut(each)]


def _is_cut(exchange: record.Exchange) -> bool:
    body = "" if exchange.response is None else exchange.response.body
    return body.endswith(_CUT) and "… (" in body[-40:]


def left_of(folder: Path) -> list[str]:
    """Return the ids of what a killed run has left; none where it kept no journal."""
    try:
        return list(left_in(folder / NAME).identities)
    except (OSError, JournalError):
        return []
