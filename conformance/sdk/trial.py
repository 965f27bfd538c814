"""A trial: all cases sent through one harness, and judged one after the other."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial

import httpx

from conformance.http.keys import Credentials, forms_of
from conformance.sdk.calls import IntendedCall, intended_calls
from conformance.sdk.checks import Checks, documented
from conformance.sdk.findings import Judged
from conformance.sdk.process import Harness, HarnessError, clean_environment
from conformance.sdk.protocol import Crashed, Hello, Outcome
from conformance.sdk.recording import Arrived, Recorder
from conformance.sdk.requests import in_query
from conformance.sdk.responses import ResponseCase, response_cases
from emulator.app import create_app
from emulator.serving import running
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.json_types import Json, looked_up

_MOST_RESTARTS = 5
_LINGER = 2.5  # seconds in which a client that creates calls by itself gives itself away
_NOTHING = IntendedCall("nothing set")


@dataclass(frozen=True)
class Trial:
    """The result of a whole trial: the client, each case in order, and the id of the call that some of them continue."""

    hello: Hello
    judged: tuple[Judged, ...]
    parent: str | None = None


@dataclass
class _Bench:
    """The recording server with a harness in front of it, which is started again after a crash."""

    command: Sequence[str]
    url: str
    path: str
    key: str
    recorder: Recorder
    timeout: float
    restarts: int = 0
    harness: Harness | None = None
    hello: Hello = field(default_factory=lambda: Hello("", ""))

    def start(self) -> Hello:
        self.harness = Harness(self.command, self.timeout, clean_environment())
        self.hello = self.harness.start(self.url, self.path, self.key)
        return self.hello

    def create(self, call: IntendedCall) -> tuple[Outcome, Sequence[Arrived]]:
        """Return the result of a client that creates one call. HarnessError if the harness has crashed too often."""
        assert self.harness is not None
        outcome = self.harness.create(call.id, call.query, dict(call.body), call.linger)
        arrived = self.recorder.arrived()
        if isinstance(outcome, Crashed):
            self.restarts += 1
            if self.restarts > _MOST_RESTARTS:
                raise HarnessError(f"crashed {self.restarts} times, the last time: {outcome.reason}")
            self.close()
            self.start()
        return outcome, arrived

    def close(self) -> None:
        if self.harness is not None:
            self.harness.close()
            self.harness = None


def run_trial(
    catalogue: Catalogue,
    command: Sequence[str],
    *,
    key: str,
    select: Sequence[str] = (),
    timeout: float = 30,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Trial:
    """Return the result of a trial; `key` opens the recording server, `select` holds globs of case ids.

    `timeout` is in seconds.

    Raises HarnessError if the harness does not start, violates the protocol or crashes too often.
    """
    contract = catalogue.contract
    recorder = Recorder(create_app(contract, keys=frozenset({key})), catalogue)
    with _quiet_server(), running(recorder.server) as url:
        template, parent = _ordinary(catalogue, url, key)
        calls = [*intended_calls(catalogue, parent), replace(_NOTHING, label="nothing set, kept running", linger=_LINGER)]
        calls = [call for call in calls if _wanted(call.id, select)]
        responses = [case for case in response_cases(catalogue, template) if _wanted(case.id, select)]
        bench = _Bench(command, url, contract.path, key, recorder, timeout)
        try:
            checks = Checks(catalogue, bench.start(), partial(_accepts, contract, url, key))
            judged = []
            for done, each in enumerate(_judged(catalogue, bench, checks, calls, responses, select), 1):
                judged.append(each)
                progress(done, len(calls) + len(responses))
        finally:
            bench.close()
    return Trial(bench.hello, tuple(judged), parent)


def _judged(
    catalogue: Catalogue,
    bench: _Bench,
    checks: Checks,
    calls: Sequence[IntendedCall],
    responses: Sequence[ResponseCase],
    select: Sequence[str],
) -> Iterator[Judged]:
    for call in calls:
        bench.recorder.expect()
        outcome, arrived = bench.create(call)
        yield checks.request(call, outcome, arrived)
    yield from _documented(catalogue, bench, select)
    for case in responses:
        bench.recorder.expect([case.response])
        outcome, arrived = bench.create(_NOTHING)
        yield checks.response(case, outcome, arrived)


def _documented(catalogue: Catalogue, bench: _Bench, select: Sequence[str]) -> Iterator[Judged]:
    """Yield the problem with the client's own documentation, each shown by one call."""
    bench.recorder.expect()
    bench.create(_NOTHING)
    unset = next(iter(bench.recorder.arrived()), None)
    for call, deviation in documented(catalogue, bench.hello, unset):
        bench.recorder.expect()
        outcome, arrived = bench.create(call)
        if _wanted(call.id, select):
            yield Judged(call.id, call.label, call.member, call, (deviation,), None, next(iter(arrived), None), outcome)


def _wanted(identifier: str, select: Sequence[str]) -> bool:
    return not select or any(fnmatchcase(identifier, glob) for glob in select)


def _ordinary(catalogue: Catalogue, url: str, key: str) -> tuple[dict[str, Json], str | None]:
    """Return the response to a call in which nothing is set, and the id of that call."""
    contract = catalogue.contract
    response = _sent(contract, url, key, _NOTHING)
    body = response.json()
    if response.status_code != contract.status or not isinstance(body, dict):
        raise HarnessError(f"the recording server does not accept an empty call: status {response.status_code}")
    return body, None if contract.identifier is None else looked_up(body, contract.identifier, None)


def _accepts(contract: Contract, url: str, key: str, call: IntendedCall) -> bool:
    """Return whether the recording server accepts an intended call that the suite sends by itself."""
    return _sent(contract, url, key, call).status_code == contract.status


def _sent(contract: Contract, url: str, key: str, call: IntendedCall) -> httpx.Response:
    query = {name: in_query(value) for name, value in call.query.items()}
    own, beside = Credentials(contract, key, {}).pairs(forms_of(contract, contract.keys[:1]))
    query |= dict(beside)
    headers = {**dict(own), "content-type": contract.media_type}
    return httpx.request(
        contract.method,
        url + contract.path,
        params=query,
        content=json.dumps(dict(call.body)),
        headers=headers,
        trust_env=False,
        # The recording server speaks plain HTTP: to load the authorities of the system takes longer than all the rest.
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )


@contextmanager
def _quiet_server() -> Iterator[None]:
    """Return a context that keeps the server from reporting the connections that scripted responses cut."""
    logger = logging.getLogger("uvicorn.error")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
