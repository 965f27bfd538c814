"""The exchanges that the page holds: those that verdicts name, within a limit that keeps the page quick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.body_lines import shown_body
from reports.record.entries import Exchange, Header
from reports.record.recorded_run import Run
from reports.redaction import shown_headers
from reports.reproduce import url_of

# Characters of bodies; with them the page stays a few megabytes and opens at once.
_MOST_CHARACTERS = 1_500_000


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """An exchange in one line. `status` is None where no response came."""

    number: int
    side: str
    label: str
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """An exchange in full, without secrets."""

    row: ExchangeRow
    first_line: str
    request_headers: dict[str, str]
    request_body: str | None
    response_headers: dict[str, str]
    response_body: str | None
    error: str | None


def row_of(exchange: Exchange) -> ExchangeRow:
    """Return an exchange as a line of a table."""
    status = exchange.response.status if exchange.response else None
    return ExchangeRow(exchange.number, exchange.side, exchange.label, status, exchange.seconds)


def shelf(run: Run, rows: Iterable[list[ExchangeRow]]) -> Iterator[ExchangeView]:
    """Yield the exchanges behind the rules' rows, one per rule before a second of any, up to a limit."""
    left = _MOST_CHARACTERS
    for number in dict.fromkeys(_in_turn(list(rows))):
        exchange = run.exchanges[number]
        left -= len(exchange.request.body or "") + len(exchange.response.body if exchange.response else "")
        if left < 0:
            return
        yield _view(exchange, run.header)


def _in_turn(rows: list[list[ExchangeRow]]) -> Iterator[int]:
    for turn in range(max(map(len, rows), default=0)):
        for each in rows:
            if turn < len(each):
                yield each[turn].number


def _view(exchange: Exchange, header: Header) -> ExchangeView:
    request, response = exchange.request, exchange.response
    numbered = {header.correlation: f"{header.run}-{exchange.number}"} if header.correlation else {}
    return ExchangeView(
        row=row_of(exchange),
        first_line=f"{request.method} {url_of(request, header.target)}",
        request_headers={**shown_headers(request.headers), **numbered},
        request_body=None if request.body is None else shown_body(request.body),
        response_headers=shown_headers(response.headers) if response else {},
        response_body=shown_body(response.body) if response else None,
        error=exchange.error,
    )
