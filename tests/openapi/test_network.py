"""The way to a URL: credentials are not shown, this machine is known by its address, proxies are read as curl reads them."""

from __future__ import annotations

import socket

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.errors import UnusableProxy
from openapi.network import credentials_in, is_loopback, proxy_for, usable_proxy, without_credentials

WORDS = st.text(st.characters(min_codepoint=0x30, max_codepoint=0x7A, categories=["L", "N"]), min_size=8, max_size=20)
PROXY = "http://proxy.example:3128"


@given(WORDS, WORDS, WORDS)
def test_a_shown_url_has_no_credentials(user: str, password: str, token: str) -> None:
    url = f"https://{user}:{password}@host.example/openapi.json?token={token}#/paths"
    for text in (url, f"Client error '401' for url '{url}'", f"--openapi={url}"):
        shown = without_credentials(text)
        assert not [each for each in (f"{user}:", f":{password}", token) if each in shown]
        assert "host.example/openapi.json" in shown
    assert credentials_in(url) == (password,)


def resolve(monkeypatch: pytest.MonkeyPatch, table: dict[str, str]) -> None:
    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (table[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    ("host", "address", "loopback"),
    [
        ("localhost", "127.0.0.1", True),
        ("127.evil.example", "192.0.2.7", False),
        ("near.example", "127.0.0.2", True),
        ("[::1]", "::1", True),
        ("0.0.0.0", "0.0.0.0", False),
        ("unknown.example", None, False),
    ],
)
def test_this_machine_is_known_by_its_address(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str | None, loopback: bool
) -> None:
    resolve(monkeypatch, {host.strip("[]"): address} if address else {})
    assert is_loopback(f"http://{host}:8000/x") is loopback


@pytest.mark.parametrize(
    ("excluded", "url", "direct"),
    [
        ("", "http://api.example", False),
        ("", "http://127.0.0.1:8000", True),
        ("[::1]", "http://api.example", False),
        ("[::1]", "http://[::1]:8000", True),
        ("*", "http://api.example", True),
        ("other.example, .example", "http://api.example", True),
        ("pi.example", "http://api.example", False),
        ("api.example:81", "http://api.example:80", False),
        ("api.example:80", "http://api.example:80", True),
        ("192.0.2.0/24", "http://192.0.2.9", True),
        ("192.0.2.0/24", "http://192.0.3.9", False),
    ],
)
def test_no_proxy_names_hosts_addresses_and_networks(
    monkeypatch: pytest.MonkeyPatch, excluded: str, url: str, direct: bool
) -> None:
    resolve(monkeypatch, {"127.0.0.1": "127.0.0.1", "::1": "::1"})
    found = proxy_for(url, {"http_proxy": PROXY, "NO_PROXY": excluded})
    assert found == (None if direct else PROXY)


@pytest.mark.parametrize("proxy", ["http://user:secret@[::1", "ftp://proxy.example", "http://", "http://proxy.example:0"])
def test_an_unreadable_proxy_is_reported_without_its_value(proxy: str) -> None:
    with pytest.raises(UnusableProxy) as reported:
        proxy_for("https://api.example", {"HTTPS_PROXY": proxy})
    assert "HTTPS_PROXY" in str(reported.value)
    assert "secret" not in str(reported.value)


def test_a_host_without_a_scheme_is_a_proxy_too() -> None:
    assert usable_proxy("proxy.example:3128", "proxy") == PROXY
    httpx.Client(proxy=PROXY, trust_env=False).close()
