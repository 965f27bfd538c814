"""The key: it is sent, and nothing shows it."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, urlencode

import httpx
import pytest

from conformance.http.redaction import redacted, spellings
from conformance.results.recording import exchange_entry
from reports.record.entries import to_json
from strategies.case import Key
from tests.conformance.clients import case, client
from tests.conformance.servers import KEY, catalogue


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout(""),
        httpx.RemoteProtocolError(f"Illegal header value {KEY!r}"),
        httpx.InvalidURL(f"no: {KEY}"),
        httpx.DecodingError("bad gzip"),
        ValueError(f"no {KEY}"),
    ],
)
def test_errors_become_exchanges_without_the_key(error: Exception) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    with client(fail) as sender:
        exchange = sender.send(case())
    assert (exchange.status, exchange.content) == (0, b"")
    assert str(exchange.error).startswith(type(error).__name__)
    assert KEY not in str(exchange.error)
    assert KEY not in json.dumps(to_json(exchange_entry(exchange, catalogue().contract, KEY)))


def test_the_key_is_sent_but_not_shown() -> None:
    received: list[httpx.Request] = []

    def response(request: httpx.Request) -> httpx.Response:
        received.append(request)
        detail = {"detail": f"not {KEY}", "as": list(spellings(KEY))}
        return httpx.Response(403, json=detail, headers={"location": f"/?key={KEY}"})

    with client(response) as sender:
        exchange = sender.send(case())
        assert KEY not in repr(sender.target)
    assert received[0].headers["x-api-key"] == KEY
    assert received[0].headers["content-type"] == "application/json"
    entry = to_json(exchange_entry(exchange, catalogue().contract, KEY))
    forms = (KEY, b64encode(KEY.encode()).decode(), KEY.encode().hex())
    assert not [form for form in forms if form in json.dumps(entry)]
    assert KEY in exchange.content.decode()  # what is judged is what was answered
    assert entry["request"]["key"] == "own"


SYMBOLS = "sk/Ab+cdEF&gh<ij>KL'01\"23\\45 67=8=="
WRITTEN = {
    "JSON": json.dumps(SYMBOLS),
    "JSON in JSON": json.dumps(json.dumps(SYMBOLS)),
    "PHP's JSON": json.dumps(SYMBOLS).replace("/", "\\/"),
    "Go's JSON": json.dumps(SYMBOLS).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    "HTML": html.escape(SYMBOLS),
    "a form": urlencode({"key": SYMBOLS}),
    "a path": quote(SYMBOLS),
    "small digits": re.sub("%..", lambda found: found[0].lower(), quote(SYMBOLS, safe="")),
    "a basic credential": b64encode(f"user:{SYMBOLS}".encode()).decode(),
    "a token": urlsafe_b64encode(f"k={SYMBOLS};".encode()).decode(),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_the_key_is_not_shown_however_it_is_written(written: str) -> None:
    shown = redacted(f"before {written} after", spellings(SYMBOLS))
    assert "[redacted]" in shown
    assert len(shown) <= len("before [redacted] after") + len("dXNlcjpz") + 4  # what stands beside it in Base64


def test_what_is_no_key_stays() -> None:
    said = 'Of a key in "pieces" (sk/Ab, cdEF&gh) & <of others> nothing is hidden.'
    assert redacted(said, spellings(SYMBOLS)) == said


@pytest.mark.parametrize(
    ("headers", "query", "kept"),
    [((), (), "none"), ((("X-API-Key", KEY[:-1]),), (), "invalid"), ((), (("api_key", KEY),), "invalid")],
)
def test_what_a_case_makes_of_the_key_is_not_shown(
    headers: tuple[tuple[str, str], ...], query: tuple[tuple[str, str], ...], kept: str
) -> None:
    def response(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"detail": f"{request.headers.get('x-api-key')} {request.url}"})

    with client(response) as sender:
        exchange = sender.send(case(key=Key.OWN, headers=headers, query=query))
    entry = to_json(exchange_entry(exchange, catalogue().contract, KEY))
    assert KEY[:-1] not in json.dumps(entry)
    assert entry["request"]["key"] == kept
