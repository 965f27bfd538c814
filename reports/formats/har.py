"""The exchanges of a run as an HTTP Archive."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import IO

import harfile

from reports.record.entries import Exchange, Header, Response
from reports.record.reader import exchanges_of
from reports.redaction import shown_headers
from reports.reproduce import url_of

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def write_har(stream: IO[bytes], record: Path, header: Header) -> None:
    """Write every exchange of the record at `record`, one at a time: memory does not grow with the run."""
    text = io.TextIOWrapper(stream, encoding="utf-8", write_through=True)
    creator = harfile.Creator(name=header.suite, version=header.versions.get("suite", ""))
    with harfile.HarFile(text, creator=creator) as archive:
        for exchange in exchanges_of(record):
            milliseconds = exchange.seconds * 1000
            archive.add_entry(
                startedDateTime=_started(header) + timedelta(seconds=exchange.at),
                time=milliseconds,
                request=_request(exchange, header),
                response=_response(exchange.response),
                timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
                comment=f"#{exchange.number} {exchange.side}: {exchange.label}"
                + (f" ({exchange.error})" if exchange.error else ""),
            )
    text.detach()


def _request(exchange: Exchange, header: Header) -> harfile.Request:
    request, target = exchange.request, header.target
    numbered = {header.correlation: f"{header.run}-{exchange.number}"} if header.correlation else {}
    headers = {**shown_headers(request.headers), **numbered}
    return harfile.Request(
        method=request.method,
        url=url_of(request, target),
        httpVersion="HTTP/1.1",
        headers=_records(headers),
        queryString=[harfile.Record(name=name, value=value) for name, value in request.query],
        postData=None if request.body is None else harfile.PostData(mimeType=_content_type(headers), text=request.body),
        bodySize=0 if request.body is None else _size(request.body),
    )


def _response(response: Response | None) -> harfile.Response:
    if response is None:
        # Status 0 is how browsers write a request that got no response.
        return harfile.Response(status=0, statusText="", httpVersion="HTTP/1.1")
    content = harfile.Content(size=_size(response.body), mimeType=_content_type(response.headers), text=response.body)
    return harfile.Response(
        status=response.status,
        statusText=_PHRASES.get(response.status, ""),
        httpVersion="HTTP/1.1",
        headers=_records(shown_headers(response.headers)),
        content=content,
        bodySize=content.size,
    )


def _records(headers: Mapping[str, str]) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in headers.items()]


def _content_type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _size(text: str) -> int:
    return len(text.encode("utf-8", errors="surrogatepass"))


def _started(header: Header) -> datetime:
    try:
        return datetime.fromisoformat(header.started)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
