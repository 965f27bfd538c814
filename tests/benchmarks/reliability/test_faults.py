"""Each fault is really injected, and the same seed injects the same faults."""

from __future__ import annotations

import json
import socket
import time
import zlib
from email.utils import parsedate_to_datetime
from http.client import BadStatusLine, HTTPException, IncompleteRead, LineTooLong, RemoteDisconnected

import pytest

from benchmarks.reliability import faults, hostile
from benchmarks.reliability.ledger import Limits
from benchmarks.reliability.proxy import Fault, Plan, Proxy
from tests.benchmarks.reliability.conftest import Backend, opened


def always(fault: Fault) -> Plan:
    return lambda _hop: ("fault", fault)


def test_without_a_fault_an_exchange_passes_as_it_is(backend: Backend) -> None:
    proxy = backend.proxy()
    with opened(proxy) as client:
        created = client.create()
        assert proxy.ledger.left == {created}
        assert client.send("POST", body=b"{}")[0] == 400
        assert client.send("DELETE", f"/api/calls/{created}", None)[0] == 204
    assert backend.requests == ["POST", "POST", "DELETE"]
    assert (proxy.ledger.requests, proxy.ledger.peak, proxy.ledger.left) == (3, 1, frozenset())


@pytest.mark.parametrize(("fault", "arrived"), [(faults.reset_before, 0), (faults.reset_after, 1)])
def test_a_connection_is_reset(backend: Backend, fault: Fault, arrived: int) -> None:
    proxy = backend.proxy(always(fault))
    with opened(proxy) as client, pytest.raises(ConnectionResetError):
        client.send()
    assert len(backend.requests) == len(proxy.ledger.left) == arrived
    assert proxy.injected == {"fault": 1}


@pytest.mark.parametrize("seed", range(5))
def test_a_response_is_cut(backend: Backend, seed: int) -> None:
    proxy = backend.proxy(always(faults.cut), seed)
    with opened(proxy) as client, pytest.raises((IncompleteRead, RemoteDisconnected, BadStatusLine, KeyError, ValueError)):
        client.create()
    assert len(proxy.ledger.left) == 1


def test_a_delayed_response_is_whole(backend: Backend) -> None:
    with opened(backend.proxy(always(faults.delay))) as client:
        assert client.create() == "call-1"


def test_only_a_kept_connection_is_stale(backend: Backend) -> None:
    with opened(backend.proxy(always(faults.stale))) as client:
        assert client.send()[0] == 201
        with pytest.raises(RemoteDisconnected):
            client.send()
        assert client.send()[0] == 201
    assert len(backend.requests) == 2


def test_an_idle_connection_is_closed(backend: Backend) -> None:
    proxy = backend.proxy()
    proxy.idle = 0.05
    with opened(proxy) as client:
        client.create()
        assert client.connection.sock.recv(1) == b""


def test_refusals_have_every_form_of_retry_after(backend: Backend) -> None:
    statuses, forms = set(), set()
    for seed in range(40):
        with opened(backend.proxy(always(faults.status_before(429, 503, 402)), seed)) as client:
            status, headers, _ = client.send()
        wait = headers.get("retry-after")
        statuses.add(status)
        forms.add("none" if wait is None else "seconds" if wait.isdigit() else "date")
        assert wait is None or wait.isdigit() or parsedate_to_datetime(wait).year > 2000
    assert statuses == {429, 503, 402}
    assert forms == {"none", "seconds", "date"}
    assert backend.requests == []


def test_a_gateway_loses_a_call_that_was_created(backend: Backend) -> None:
    proxy = backend.proxy(always(faults.status_after(504)))
    with opened(proxy) as client:
        status, headers, _ = client.send()
    assert (status, headers["content-type"], len(proxy.ledger.left)) == (504, "text/html", 1)


def test_deletion_is_refused(backend: Backend) -> None:
    proxy = backend.proxy(faults.methods("DELETE", "refused", faults.refused_deletion))
    with opened(proxy) as client:
        created = client.create()
        assert client.send("DELETE", f"/api/calls/{created}", None)[0] == 403
    assert proxy.ledger.left == {created}


def _injected(backend: Backend, seed: int) -> list[int]:
    refusing = faults.shared({"refusal": faults.status_before(418)}, 0.3)
    with opened(backend.proxy(refusing, seed)) as client:
        return [client.send()[0] for _ in range(40)]


def test_a_seed_injects_the_same_faults(backend: Backend) -> None:
    first, again, other = (_injected(backend, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert {201, 418} == set(first)


def test_only_chosen_creations_are_hit(backend: Backend) -> None:
    plan = faults.at_creations(lambda number: number == 2, "fault", faults.status_before(418))
    with opened(backend.proxy(plan)) as client:
        assert client.send("DELETE", "/api/calls/1", None)[0] == 204
        assert [client.send()[0] for _ in range(3)] == [201, 418, 201]


@pytest.mark.parametrize("status", [429, 402])
def test_an_account_has_room_for_so_many_calls(backend: Backend, status: int) -> None:
    proxy = backend.proxy()
    proxy.limits = Limits(live=2, status=status)
    with opened(proxy) as client:
        first = client.create()
        client.create()
        refused, headers, _ = client.send()
        assert (refused, headers["retry-after"]) == (status, "1")
        client.send("DELETE", f"/api/calls/{first}", None)
        assert client.send()[0] == 201
    assert backend.requests == ["POST", "POST", "POST", "DELETE", "DELETE", "POST"]  # what was refused is gone
    assert (proxy.ledger.peak, len(proxy.ledger.left)) == (2, 2)


def test_an_account_creates_so_many_calls_a_minute(backend: Backend) -> None:
    proxy = backend.proxy()
    proxy.limits = Limits(per_minute=2, scale=300)  # a minute of 0.2 s
    with opened(proxy) as client:
        assert [client.send()[0] for _ in range(3)] == [201, 201, 429]
        time.sleep(0.25)
        assert client.send()[0] == 201


def test_a_bomb_is_small_and_bursts() -> None:
    packed = hostile.bomb()
    assert len(packed.framed) < 10_000
    inner = zlib.decompressobj(31).decompress(packed.framed)
    assert len(zlib.decompressobj(31).decompress(inner, 2**27)) == 2**27


def test_a_response_claims_to_be_encoded_many_times() -> None:
    assert hostile.codings().head.count(b"gzip") == 15_000


@pytest.mark.parametrize("name", hostile.MISPLACED)
def test_a_value_stands_for_a_string(backend: Backend, name: str) -> None:
    with opened(backend.proxy(always(hostile.MISPLACED[name]))) as client:
        found = json.loads(client.send()[2])
    assert found["callId"] == "call-1"
    assert not isinstance(found["joinUrl"], str)


_UNREADABLE = {"15,000 codings", "endless headers", "endless body", "slow drip", "half-closed", "silent"}


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_server_is_hostile(backend: Backend, name: str) -> None:
    hostile.bomb()  # packed once, which takes longer than the client waits
    proxy = backend.proxy(always(hostile.HOSTILE[name]))
    with opened(proxy) as client:
        client.connection.timeout = 0.5
        if name in _UNREADABLE:
            with pytest.raises((TimeoutError, HTTPException)):
                _read_some(client.connection.timeout, proxy)
            return
        status, headers, body = client.send()
    assert status in {201, 429}
    assert headers.get("content-encoding") or headers.get("retry-after") or b'"filler"' in body


def _read_some(seconds: float, proxy: Proxy) -> None:
    """Read a response for some seconds, or some megabytes of it."""
    until = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=seconds) as connection:
        connection.sendall(b"POST /api/calls HTTP/1.1\r\nhost: bed\r\ncontent-length: 2\r\n\r\n{}")
        size = 0
        while size < 2**22:
            part = connection.recv(2**16)
            if not part:
                raise RemoteDisconnected("half-closed")
            if time.monotonic() > until:
                raise TimeoutError
            size += len(part)
        raise LineTooLong("endless")
