"""The emulator for tests of a client: a server process of its own, and the functions that script it.

    >>> with running_emulator() as emulator:  # doctest: +SKIP
    ...     emulator.respond(429, retry_after=1)
    ...     my_client.create_call(emulator.url, emulator.key)
    ...     assert [request.status for request in emulator.requests] == [429, 201]

It is a process of its own, so none of the suite's packages is imported beside those of the tests.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEY_VARIABLE = "ULTRAVOX_API_KEY"
_SECONDS = 30.0  # until a control request is answered, and until the process has ended


class EmulatorError(RuntimeError):
    """The emulator did not start, or refused what it was asked for; the text says why."""


@dataclass(frozen=True)
class Violation:
    """A rule that a request violates: its id, its sentence in our words and in the documentation's, the member's path."""

    rule: str | None
    basis: str
    requirement: str
    sentence: str | None
    path: str


@dataclass(frozen=True)
class ReceivedRequest:
    """A request that arrived, the status of its response, and the verdict of the catalogue.

    `json` is None where the body is not JSON or exceeds 64 KiB. `conforms` is false if a documented rule is violated.
    """

    number: int
    method: str
    path: str
    query: str
    json: Any
    status: int
    conforms: bool
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Emulator:
    """A running emulator: its URL, the API key that it accepts, and with TLS the authority that clients must trust."""

    url: str
    key: str
    authority: Path | None = None

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Return the last requests, oldest first, at most 1,000."""
        return [_received(each) for each in self._control("GET", "/__requests")["requests"]]

    @property
    def fixtures(self) -> list[str]:
        """Return the ids of the response fixtures that `respond` can send."""
        return [str(each) for each in self._control("GET", "/__fixtures")["fixtures"]]

    def respond(self, status: int | None = None, **options: Any) -> None:
        """Script the next response, or the next `times` responses.

        Options are `body`, `headers`, `delay` and `retry_after` in seconds, `retry_after_form` (`seconds` or `date`), `cut`,
        `times` and `fixture`. Without a status the emulator responds as usual, but late or cut. EmulatorError if an option
        is invalid.
        """
        described = {} if status is None else {"status": status}
        self._control("POST", "/__respond", {**described, **options})

    def reset(self) -> None:
        """Forget requests, scripted responses and created calls."""
        self._control("POST", "/__reset", {})

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)  # noqa: S310 - its own URL
        context = ssl.create_default_context(cafile=str(self.authority)) if self.authority else None
        direct = urllib.request.ProxyHandler({})
        opener = urllib.request.build_opener(direct, urllib.request.HTTPSHandler(context=context))
        try:
            with opener.open(request, timeout=_SECONDS) as response:
                found: dict[str, Any] = json.load(response)
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise EmulatorError(json.load(error)["detail"]) from None


def _received(data: Mapping[str, Any]) -> ReceivedRequest:
    members = {name: data[name] for name in ("number", "method", "path", "query", "json", "status")}
    violations = tuple(Violation(**each) for each in data["verdict"]["violations"])
    return ReceivedRequest(**members, conforms=data["verdict"]["conforms"], violations=violations)


@contextmanager
def running_emulator(options: Sequence[str] = (), *, tls: Path | None = None) -> Iterator[Emulator]:
    """Start an emulator on a free loopback port, yield it, and end it.

    `options` are further options of `emulate`, such as `--strict-keys`. With `tls`, a directory, it serves HTTPS.
    EmulatorError if it does not start.
    """
    secured = [] if tls is None else ["--tls", str(tls)]
    command = [sys.executable, "-m", "ultravox_conformance", "emulate", "--port", "0", "--quiet", "--stop-at-eof"]
    # The emulator accepts a key of its own: a real one must not get into tests.
    environment = {name: value for name, value in os.environ.items() if name != _KEY_VARIABLE}
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603 - our own command
            [*command, *secured, *options],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield _started(process, None if tls is None else tls / "ca.pem") or _not_started(errors)
        finally:
            process.terminate()
            process.wait(_SECONDS)


def _started(process: subprocess.Popen[str], authority: Path | None) -> Emulator | None:
    """Return the emulator as it announces itself; None if the process ends before."""
    key = ""
    for line in process.stdout or ():
        if found := re.fullmatch(r"The emulator accepts the key ([^\s]+)\.\n", line):
            key = found[1]
        elif found := re.fullmatch(r"The emulator listens on (\S+)\n", line):
            return Emulator(found[1], key, authority)
    return None


def _not_started(errors: Any) -> Emulator:
    errors.seek(0)
    raise EmulatorError(f"the emulator did not start: {errors.read().strip()}")
