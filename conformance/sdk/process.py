"""A harness as a process: lines go in, lines come out, and silence or an exit is an outcome of its own."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence

from conformance.sdk import protocol
from conformance.sdk.protocol import Crashed, Hello, Outcome
from openapi.json_types import Json

_STDERR_LINES = 12  # of standard error, shown when a harness ends early
_GRACE = 3.0  # seconds that a harness has for its exit


class HarnessError(Exception):
    """The harness cannot be used at all: it does not start, or it violates the protocol."""


class NoHarness(HarnessError):
    """There is no such command."""


class Harness:
    """A running harness. `timeout` is in seconds and covers one reply, without the lingering."""

    def __init__(self, command: Sequence[str], timeout: float, environment: Mapping[str, str]) -> None:
        self.timeout = timeout
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                encoding="utf-8",
                errors="replace",
                bufsize=1,
            )
        except OSError as error:
            raise NoHarness(f"{command[0]}: {error.strerror or error}") from error
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._errors: deque[str] = deque(maxlen=_STDERR_LINES)
        self._readers = [threading.Thread(target=each, daemon=True) for each in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def start(self, url: str, path: str, key: str) -> Hello:
        """Return the client that the harness names. HarnessError if it does not reply with a hello."""
        reply = self._exchange(protocol.start(url, path, key), self.timeout)
        if isinstance(reply, Crashed):
            raise HarnessError(f"no hello: {reply.reason}")
        try:
            return protocol.hello_of(reply)
        except protocol.ProtocolError as error:
            raise HarnessError(str(error)) from error

    def create(self, identifier: str, query: Mapping[str, Json], body: Json, linger: float = 0) -> Outcome:
        """Return the outcome of one intended call. HarnessError if the reply violates the protocol."""
        reply = self._exchange(protocol.create(identifier, query, body, linger), self.timeout + linger)
        if isinstance(reply, Crashed):
            return reply
        try:
            return protocol.outcome_of(reply, identifier)
        except protocol.ProtocolError as error:
            raise HarnessError(str(error)) from error

    def close(self) -> None:
        """Say goodbye, wait for the exit, and kill a harness that stays."""
        if self._process.poll() is None and self._write(protocol.bye()):
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(_GRACE)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                continue  # what was still to be written has no reader any more

    def _exchange(self, line: str, seconds: float) -> str | Crashed:
        if not self._write(line):
            return self._ended()
        try:
            reply = self._lines.get(timeout=seconds)
        except queue.Empty:
            self._process.kill()
            return Crashed(f"no reply within {seconds:g} seconds")
        return self._ended() if reply is None else reply

    def _write(self, line: str) -> bool:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def _ended(self) -> Crashed:
        """Return the exit of the harness as an outcome, with the end of its standard error."""
        status = self._process.wait()
        self._readers[-1].join(_GRACE)
        return Crashed("\n".join([f"the harness ended with status {status}", *self._errors]))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._errors.append(line.rstrip())


def clean_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment without proxies, which lead elsewhere, and without API keys, which no harness needs."""
    return {name: value for name, value in environment.items() if not name.upper().endswith(("_PROXY", "_API_KEY"))}
