"""Trials on a server that others wrote: it is started by a command, and an environment variable names its fault.

The faults and the conforming variants are lists in files. So anyone can measure the suite on faults of their own:

    - {name: lost-count, family: echo, member: count, summary: the count does not come back}

A rule names a fault if it is among the globs in `expects`. Without `expects`, it does so if its id or its sentence mentions the
`member`. It also does so if its area is one of the `family`.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from conformance.http.client import Client
from conformance.http.target import Target
from conformance.selfcheck.trials import Bench, Trial
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.rules import Area, Rule

_START = 30.0  # seconds within which a server has to accept connections
_STOP = 5.0  # seconds that a server has to end before it is killed
_CONCURRENCY = 4
# What a rule is about that names a fault of a family wherever the fault is planted.
_AREAS: dict[str, frozenset[Area]] = {
    "authentication": frozenset({Area.AUTH}),
    "crash": frozenset({Area.ROBUSTNESS}),
    "inheritance": frozenset({Area.STATE, Area.QUERY}),
    "protocol": frozenset({Area.PROTOCOL}),
    "query": frozenset({Area.QUERY, Area.STATE}),
    "state": frozenset({Area.STATE, Area.ROBUSTNESS}),
    "status": frozenset({Area.STATUS}),
}


@dataclass(frozen=True, slots=True)
class External:
    """A fault or a conforming variant of a server: `expects` are globs of rule ids, `member` is the dotted name of a field."""

    name: str
    family: str
    summary: str
    member: str
    expects: tuple[str, ...]

    def expected(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return globs or ids of the rules that name this fault."""
        return self.expects or tuple(rule.id for rule in catalogue.rules.values() if self._names(rule))

    def _names(self, rule: Rule) -> bool:
        about = f"{rule.id} {rule.requirement}"
        return rule.area in _AREAS.get(self.family, ()) or any(
            re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", about, re.IGNORECASE) for name in self._member_names()
        )

    def _member_names(self) -> set[str]:
        names = [name for name in self.member.split(".") if name]
        return {names[0], names[-1]} if names else set()


NOTHING = External(name="", family="none", summary="no fault is planted", member="", expects=())


@dataclass(frozen=True, slots=True)
class Server:
    """How a server is started: a command with `{port}`, and the environment variable that names what is planted in it.

    `key` is the API key that it admits, which it finds in the variable `key_variable`.
    """

    command: str
    variable: str
    key: str
    key_variable: str


def load_external(path: Path, kind: str) -> list[External]:
    """Return the entries of a YAML or JSON file: a list, or an object that holds one as its member `kind`.

    ListError if the file cannot be read or an entry has no name.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ListError(f"--{kind} {path}: {getattr(error, 'strerror', None) or 'it is neither YAML nor JSON'}") from error
    entries = data.get(kind) if isinstance(data, dict) else data
    if not isinstance(entries, list) or not entries:
        raise ListError(f"--{kind} {path}: give a list of entries, each with a name")
    found = [_external(path, kind, each) for each in entries]
    if len({each.name for each in found}) < len(found):
        raise ListError(f"--{kind} {path}: two entries have the same name")
    return found


def _external(path: Path, kind: str, entry: Json) -> External:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ListError(f"--{kind} {path}: an entry has no name")
    summary = entry.get("summary") or entry.get("what") or entry["name"]
    globs = entry.get("expects") or []
    if not isinstance(globs, list):
        raise ListError(f"--{kind} {path}: {entry['name']}: `expects` is a list of globs of rule ids")
    return External(
        name=entry["name"],
        family=str(entry.get("family") or "external"),
        summary=str(summary),
        member=str(entry.get("member") or ""),
        expects=tuple(map(str, globs)),
    )


def try_external(bench: Bench, server: Server, planted: External, seed: int = 0, *, conforming: bool = False) -> Trial:
    """Run the suite against the server with one fault or variant planted, and return what came of it."""
    begun = time.perf_counter()
    requests, failed = 0, tuple[str, ...]()
    try:
        with running(server, planted.name) as url:
            target = Target(url=url, key=server.key, concurrency=_CONCURRENCY)
            outcome, reason, failed, requests = bench.run_against(Client(target, bench.catalogue.contract), seed=seed)
    except ServerError as error:
        outcome, reason = "broken", str(error)
    return Trial(
        name=planted.name,
        family="conforming" if conforming else planted.family,
        summary=planted.summary,
        expects=() if conforming else planted.expected(bench.catalogue),
        failed=failed,
        outcome=outcome,
        reason=reason,
        requests=requests,
        seconds=round(time.perf_counter() - begun, 3),
        whole=True,
    )


class ListError(Exception):
    """A list of faults or variants cannot be read; the text says why."""


class ServerError(Exception):
    """The server did not start."""


@contextmanager
def running(server: Server, name: str) -> Iterator[str]:
    """Yield the URL of a server that runs on a free port of this machine. ServerError where it does not start.

    Without a name nothing is planted in it: the variable is not set.
    """
    port = _free_port()
    words = [word.replace("{port}", str(port)) for word in shlex.split(server.command)]
    others = {variable: value for variable, value in os.environ.items() if variable != server.variable}
    environment: Mapping[str, str] = {**others, server.key_variable: server.key, **({server.variable: name} if name else {})}
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            words,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ServerError(f"{words[0]}: {error.strerror or error}") from error
    try:
        _await_start(process, port, words)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _await_start(process: subprocess.Popen[bytes], port: int, words: Sequence[str]) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ServerError(f"{words[0]} ended with status {process.returncode} before it accepted a connection")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise ServerError(f"{words[0]} accepted no connection on port {port} within {_START:.0f} seconds")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server with all processes that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(_STOP)
            return
        except ProcessLookupError:
            process.wait(_STOP)
            return
        except subprocess.TimeoutExpired:
            continue
