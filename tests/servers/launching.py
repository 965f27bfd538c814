"""Start the reference servers, each a process of its own on a free port of the loopback interface."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.servers.deviations import UNDERSTOOD

# The real keys have this form: 8 characters, a dot, 32 characters.
KEY = "Test1234.0123456789abcdefghijklmnopqrstuv"
SERVERS = {"django": "django_protobuf", "fastapi": "fastapi_pydantic", "express": "express_ajv"}
ROOT = Path(__file__).parents[2]
PACKAGES = Path(__file__).parent / "express" / "node_modules"
# The C extension of protobuf ends a server by a segmentation fault now and then (docs/findings.md). Its Python implementation
# does not, and `json_format`, which reads the bodies, is the same. The fault handler shows where an extension crashes.
_PYTHON = {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python", "PYTHONFAULTHANDLER": "1"}


@dataclass(frozen=True)
class Running:
    """A server that is ready; `url` is its origin. `ended` returns what it wrote if it has ended by itself, else None."""

    url: str
    key: str
    ended: Callable[[], str | None] = field(default=lambda: None)


def missing(name: str) -> str | None:
    """Return what a server needs and this machine does not have, or None."""
    if name != "express" or (shutil.which("node") and PACKAGES.is_dir()):
        return None
    return "Node.js and `npm ci --prefix tests/servers/express`"


@contextmanager
def serving(name: str, deviations: Sequence[str] = ()) -> Iterator[Running]:
    """Run a server, which deviates from the documentation as the names of `deviations` say.

    Raises ValueError for a name that the server does not understand, RuntimeError with what the server wrote if it ends at
    once or is not ready within 60 seconds.
    """
    if strange := set(deviations) - set(UNDERSTOOD.get(name, ())):
        raise ValueError(f"{name} does not understand these deviations: {', '.join(sorted(strange))}")
    port = _free_port()
    command = [sys.executable, "-m", f"tests.servers.{SERVERS[name]}", str(port)]
    environment = {**os.environ, **_PYTHON, "ULTRAVOX_API_KEY": KEY, "DEVIATIONS": ",".join(deviations)}
    # A file: a pipe that nobody reads fills up in a long run, and then the server stops.
    with TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            _await(process, port, said)
            yield Running(f"http://127.0.0.1:{port}", KEY, lambda: last_words(process, said))
        finally:
            process.terminate()
            process.wait()


def last_words(process: subprocess.Popen[bytes], said: IO[bytes]) -> str | None:
    """Return the status of a server that has ended and what it wrote; None where it runs."""
    if process.poll() is None:
        return None
    said.seek(0)
    return f"the server ended with status {process.returncode}:\n{said.read().decode(errors='replace')}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    said.seek(0)
    raise RuntimeError(f"the server does not listen:\n{said.read().decode(errors='replace')}")
