"""Limits on heads, idle and half-open connections."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from emulator import create_app, limits
from emulator.serving import running
from tests.emulator.client import KEY, PATH, contract


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(limits, "ARRIVAL_SECONDS", 0.3)
    with running(create_app(contract(), keys=frozenset({KEY}))) as url:
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


def _received(connection: socket.socket) -> bytes:
    """Return all that the server sends until it closes the connection."""
    connection.settimeout(5)
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize(
    "sent", [b"", b"POST ", b"POST /a HTTP/1.1\r\nhost: a\r\n", b"POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"]
)
def test_a_request_that_does_not_arrive_in_time_loses_its_connection(address: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(sent)
        begun = time.monotonic()
        assert _received(connection) == b""
    assert time.monotonic() - begun < 4


def test_a_head_beyond_the_limit_is_refused(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"POST /a HTTP/1.1\r\nx: ")
        try:
            for _ in range(64):
                connection.sendall(b"a" * 16_384)
        except ConnectionError:
            return  # closed while we were sending, as it should
        assert b" 431 " in _received(connection)


def test_a_head_within_the_limit_and_a_large_body_are_read(address: tuple[str, int]) -> None:
    body = b'{"systemPrompt": "%b"}' % (b"x" * 200_000)
    head = f"POST {PATH} HTTP/1.1\r\nhost: a\r\nx-api-key: {KEY}\r\nx: {'a' * 30_000}\r\ncontent-length: {len(body)}\r\n"
    for _ in range(2):
        with socket.create_connection(address) as connection:
            connection.sendall(head.encode() + b"connection: close\r\n\r\n" + body)
            assert _received(connection).startswith(b"HTTP/1.1 201 ")


def test_requests_on_one_connection_have_a_clock_of_their_own(address: tuple[str, int]) -> None:
    request = f"GET {PATH}/x HTTP/1.1\r\nhost: a\r\n\r\n".encode()
    with socket.create_connection(address) as connection:
        connection.settimeout(5)
        for _ in range(4):
            connection.sendall(request)
            response = HTTPResponse(connection)
            response.begin()
            assert (response.status, bool(response.read())) == (401, True)
            time.sleep(0.15)  # all four take longer than one may
