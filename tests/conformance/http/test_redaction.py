"""The key: it is sent, and nothing shows it."""

from __future__ import annotations

import asyncio
import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http import secret_spellings
from conformance.http.canonical_text import canonical, lower
from conformance.http.canonical_text import undone as in_plain
from conformance.http.exchange import Exchange
from conformance.http.redaction import Redaction
from conformance.http.secret_spellings import redacted, spellings
from conformance.results.recording import exchange_entry, response_entry
from reports.record.entries import to_json
from strategies.case import Key
from tests.conformance.clients import case, client
from tests.conformance.servers import KEY, catalogue
from tests.examples import examples


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

    exchange = asyncio.run(client(fail).attempt(case(), 1))
    assert (exchange.status, exchange.content) == (0, b"")
    assert str(exchange.error).startswith(type(error).__name__)
    assert KEY not in str(exchange.error)
    assert KEY not in json.dumps(to_json(exchange_entry(exchange, catalogue().contract)))


def test_the_key_is_sent_but_not_shown() -> None:
    received: list[httpx.Request] = []

    def response(request: httpx.Request) -> httpx.Response:
        received.append(request)
        detail = {"detail": f"not {KEY}", "as": [quote(KEY), KEY.encode().hex(), b64encode(KEY.encode()).decode()]}
        return httpx.Response(403, json=detail, headers={"location": f"/?key={KEY}"})

    made = client(response)
    exchange = asyncio.run(made.attempt(case(), 1))
    assert KEY not in repr(made.target)
    assert received[0].headers["x-api-key"] == KEY
    assert received[0].headers["content-type"] == "application/json"
    entry = to_json(exchange_entry(exchange, catalogue().contract))
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


SPELLED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in upper case": str.upper,
    "JSON escapes": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "JSON escapes in JSON": lambda text: json.dumps("".join(f"\\u{ord(each):04x}" for each in text)),
    "percent": lambda text: "".join(f"%{ord(each):02X}" for each in text),
    "percent, twice": lambda text: quote("".join(f"%{ord(each):02x}" for each in text)),
    "HTML numbers": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "HTML hexadecimal": lambda text: "".join(f"&#x{ord(each):X};" for each in text),
    "UTF-16-LE": lambda text: text.encode("utf-16-le").decode(),
    "UTF-16-BE": lambda text: text.encode("utf-16-be").decode(),
    "Base64 of UTF-16": lambda text: b64encode(text.encode("utf-16-le")).decode(),
    "Base64 amid others": lambda text: b64encode(f"ab{text}cd".encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
}


@given(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=20, max_size=60).filter(
        lambda key: len(set(key)) > 8
    ),
    st.sampled_from(sorted(SPELLED)),
    st.integers(0, 5),
)
def test_no_window_of_a_secret_shows_in_any_spelling(key: str, spelling: str, before: int) -> None:
    """Whatever the key and the spelling, nothing of the key is left that could be read."""
    shown = redacted("~ " * before + SPELLED[spelling](key) + " ~", spellings(key))
    left = shown.replace("[redacted]", " ")
    assert len(left.strip('~ \0"\\')) <= len("YWIY2Q==") + 4


@given(st.integers(0, 400), st.sampled_from(["as it is", "JSON escapes", "percent", "UTF-16-LE"]))
def test_what_a_cut_leaves_of_a_secret_does_not_show(cut: int, spelling: str) -> None:
    """A text that was cut within the key, before it was redacted, shows at most three characters of it."""
    text = ("x" * 100 + SPELLED[spelling](KEY))[:cut]
    for marked in (text, f"{text}… (500 characters)"):
        shown = redacted(marked, spellings(KEY))
        assert KEY.lower()[:4] not in undone(shown), shown


def undone(text: str) -> str:
    escapes = re.compile(r"\\u([0-9a-f]{4})|%([0-9A-F]{2})")
    return escapes.sub(lambda found: chr(int(found[1] or found[2], 16)), text).replace("\0", "").lower()


# Of these pieces texts are made that have escapes, halves of escapes, cuts, and more or less of a key.
PIECES = [
    *'\\%&#x;u250a+…\0"',
    "\\u00",
    "%25",
    "&#",
    "&amp;",
    "\\\\",
    "x",
    "~",
    KEY[:3],
    KEY[:5],
    KEY[-5:],
    KEY[-3:],
    KEY[:13],
    KEY,
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(TEXTS)
def test_the_canonical_form_is_the_same_with_the_places_and_without(text: str) -> None:
    """One way looks whether there are escapes before it searches for them."""
    assert in_plain(lower(text)) == "".join(canonical(text)[0])


@examples(300)
@given(TEXTS, st.sampled_from([KEY, *(KEY[-length:] for length in (7, 8, 11)), *(KEY[:length] for length in (7, 8, 11))]))
def test_quick_looks_miss_nothing_that_the_slow_way_finds(text: str, key: str) -> None:
    """Around a cut, half an escape is looked for only where there may be one, and all beginnings of a secret at once."""
    cuts = secret_spellings._cuts_of(lower(text))
    for each in cuts[0]:
        beside = lower(text)[each.begin : each.mark]
        assert each.text == secret_spellings._HALF_AN_ESCAPE.sub("", beside)
    for secret in spellings(key):
        assert list(secret_spellings._remnants(cuts, secret)) == list(slow_remnants(cuts, secret))


def slow_remnants(cuts: secret_spellings._Cuts, secret: secret_spellings.Secret) -> Iterator[tuple[int, int]]:
    lengths = range(secret.width, 3, -1) if len(secret.plain) >= secret_spellings.SHORT else ()
    for each in cuts[0]:
        length = next((n for n in lengths if each.plain.endswith(secret.plain[:n])), 0)
        if length:
            yield each.place(-length)[0], each.mark
    for each in cuts[1]:
        length = next((n for n in lengths if each.plain.startswith(secret.plain[-n:])), 0)
        if length:
            yield each.mark + 1, each.place(length - 1)[1]


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

    exchange = asyncio.run(client(response).attempt(case(key=Key.OWN, headers=headers, query=query), 1))
    entry = to_json(exchange_entry(exchange, catalogue().contract))
    assert KEY[:-1] not in json.dumps(entry)
    assert entry["request"]["key"] == kept


JOIN = "wss://prod.example/calls/3bc72705-51f3-4058-9331-9cdbddc0e7d8?token=Zq81hTq"


def created(cut: int | None = None, url: str = JOIN) -> Exchange:
    """The exchange of a created call, its body cut off after so many bytes."""
    body = json.dumps({"callId": "3bc72705-51f3-4058-9331-9cdbddc0e7d8", "joinUrl": url, "model": "m"}).encode()[:cut]
    with_members = Redaction.of_values((KEY,), ("joinUrl",))
    return Exchange(case(), 1, 201, {}, body, 0.0, 0.0, redaction=with_members)


def test_a_secret_member_gives_way_to_one_of_its_type() -> None:
    first, again, other = (response_entry(each) for each in (created(), created(), created(url=JOIN + "x")))
    assert first is not None
    assert other is not None
    value = json.loads(first.body)
    assert value["callId"] in JOIN
    assert re.fullmatch(r"wss://redacted\.invalid/[0-9a-f]{12}", value["joinUrl"])
    assert first == again != other
    assert "token" not in first.body


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("cut", range(50, 165, 3))
def test_a_secret_member_does_not_show_in_a_body_that_was_cut_off(cut: int, *, escaped: bool) -> None:
    exchange = created(cut, JOIN.replace("/", "\\/") if escaped else JOIN)
    shown = response_entry(exchange)
    assert shown is not None
    for text in (shown.body, exchange.excerpt(200)):
        assert not re.search("token|Zq81", text)


def test_a_secret_member_does_not_show_in_what_is_reported_of_a_response() -> None:
    for text in (f"/joinUrl is {JOIN}, that of the call 1", f"it is {JOIN[:60]}… (79 characters)", f'"{JOIN}" is no echo'):
        shown = created().shown(text)
        assert JOIN[:40] not in shown
        assert "wss://redacted.invalid/" in shown
    assert json.loads(created(url="short").shown('{"joinUrl": "short"}'))["joinUrl"].startswith("redacted-")


@given(st.integers(0, 300), st.sampled_from(["as it is", "JSON escapes", "percent", "UTF-16-LE"]), st.integers(1, 200))
def test_an_excerpt_never_shows_a_part_of_the_key(before: int, spelling: str, length: int) -> None:
    """Wherever the excerpt is cut, within the key or not."""
    body = ("x" * before + SPELLED[spelling](KEY) + "y" * 300).encode()
    exchange = Exchange(case(), 1, 400, {}, body, 0.0, 0.0, redaction=Redaction.of_values((KEY,)))
    assert not [first for first in range(len(KEY) - 3) if KEY[first : first + 4].lower() in undone(exchange.excerpt(length))]


@pytest.mark.parametrize("key", ["test", "a", "it's", "1234567"])
def test_a_short_key_is_redacted_as_a_word_and_eats_no_other_words(key: str) -> None:
    secrets = spellings(key)
    words = f"the la{key}, {key}ing, {key}1: 0{key}"
    assert redacted(words, secrets) == words
    for shown in (key, f'{{"a": "{key}"}}', f"key={key}&x=1", f"no {key}!", "".join(f"%{ord(each):02X}" for each in key)):
        assert key not in redacted(shown, secrets).replace("[redacted]", "")
        assert "[redacted]" in redacted(shown, secrets)


@examples(15)
@given(st.integers(-80, 80), st.sampled_from(["as it is", "JSON escapes", "percent", "UTF-16-LE"]))
def test_a_long_body_shows_no_part_of_the_key_where_the_record_cuts_it(around: int, spelling: str) -> None:
    body = ("x" * (65_536 + around) + SPELLED[spelling](KEY) + "y" * 9_000).encode()
    exchange = Exchange(case(), 1, 400, {}, body, 0.0, 0.0, redaction=Redaction.of_values((KEY,)))
    entry = response_entry(exchange)
    assert entry is not None
    assert entry.body.endswith(f"… ({len(body.decode())} characters)")
    assert not [first for first in range(len(KEY) - 3) if KEY[first : first + 4].lower() in undone(entry.body[-600:])]


def test_no_character_becomes_two_in_lower_case() -> None:
    everything = "".join(chr(number) for number in range(0x110000))
    assert len(lower(everything)) == len(everything)
