"""A real Redis on this machine, for the tests that need one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "not-to-be-shown-7f3a"
_COMMAND = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(_COMMAND is None, reason="redis-server is not installed (Debian's package redis-server)")


@contextmanager
def redis_server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the URL of a Redis that wants a password, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(_COMMAND), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    server = subprocess.Popen([*command, "--requirepass", PASSWORD], stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0", server
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"redis-server does not listen on port {port}")
