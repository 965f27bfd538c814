"""A planted leak is found, in whatever spelling, and nothing else is."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from benchmarks.reliability.canaries import KEY, SECRETS, WINDOW, canary, leaking, leaks, windows
from benchmarks.reliability.echo import crashing, echoing
from reports.html.stored import packed
from tests.benchmarks.reliability.conftest import Backend, opened

SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "UTF-16 in JSON": lambda text: json.dumps(text.encode("utf-16-le").decode("latin-1")).encode(),
    "URL": lambda text: "".join(f"%{ord(each):02x}" for each in text).encode(),
    "JSON": lambda text: "".join(f"\\u{ord(each):04x}" for each in text).encode(),
    "JSON in JSON": lambda text: "".join(f"\\\\u{ord(each):04X}" for each in text).encode(),
    "URL of JSON": lambda text: quote("".join(f"\\u{ord(each):04x}" for each in text)).encode(),
    "HTML": lambda text: "".join(f"&#{ord(each)};" for each in text).encode(),
    "upper case": lambda text: text.upper().encode(),
    "Base64": lambda text: b64encode(f"..{text}..........".encode()),
    "Base64 of UTF-16": lambda text: b64encode(text.encode("utf-16-le")),
}
NAMES = sorted(SECRETS)


def test_the_key_has_the_documented_shape() -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}", KEY)


@pytest.mark.parametrize("name", NAMES)
def test_every_window_holds_a_marker_and_belongs_to_one_secret(name: str) -> None:
    mine = windows(SECRETS[name])
    assert all("zq" in each and len(each) == WINDOW for each in mine)
    assert all(mine.isdisjoint(windows(SECRETS[other])) for other in NAMES if other != name)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_window_of_the_key_is_found_in_every_spelling(spelling: str) -> None:
    for first in range(len(KEY) - WINDOW + 1):
        planted = b'{"detail": "' + SPELLINGS[spelling](KEY[first : first + WINDOW]) + b'"}'
        assert leaks(planted) == {"key"}, first


def test_less_than_a_window_is_no_leak() -> None:
    for first in range(len(KEY) - WINDOW + 2):
        assert not leaks(b"(" + KEY[first : first + WINDOW - 1].encode() + b")")
    assert not leaks(b"Zq zq ZqZqZq " + canary("another").encode())


def test_a_planted_leak_is_found_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "report.html").write_bytes(b"<p>" + KEY[3:11].encode())
    (tmp_path / "summary.json").write_bytes(b"{}")
    found = leaking(tmp_path, {"the terminal": f"user:{SECRETS['description URL']}@".encode()})
    assert found == ("key in deep/report.html", "description URL in the terminal")


@pytest.mark.parametrize("thorough", [True, False])
def test_what_a_page_holds_compressed_is_searched(tmp_path: Path, thorough: bool) -> None:
    page = '<script type="application/gzip" id="details">' + str(packed({"a": f"<p>{KEY}"})) + "</script>"
    (tmp_path / "report.html").write_text(page)
    assert leaking(tmp_path, {}, thorough=thorough) == ("key in report.html",)


def test_a_quick_search_finds_what_stands_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").write_text(KEY)
    assert leaking(tmp_path, {}, thorough=False) == ("key in run.jsonl",)


def test_the_server_repeats_the_key_and_plants_secrets(backend: Backend) -> None:
    proxy = backend.proxy(crashing)
    proxy.change = echoing()
    with opened(proxy) as client:
        _, headers, created = client.send()
        assert leaks(created) == {"join URL"}
        assert leaks(repr(headers).encode()) == {"key", "cookie", "location"}
        assert json.loads(created)["callId"] == "call-1"
        for _ in range(12):
            status, _, refused = client.send(body=b"{}")
            assert (status, *leaks(refused)) == (400, "key")
        status, _, crashed = client.send(body=b'{"languageHint": "en"}')
        assert (status, *leaks(crashed)) == (500, "key")
    assert len(backend.requests) == 13
