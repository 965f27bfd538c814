"""Serving an application over HTTP: in the foreground for people, in the background for the suite."""

from __future__ import annotations

import gc
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from emulator.app import App, Asgi

LOOPBACK = "127.0.0.1"
_START_SECONDS = 10.0


def serve(app: App, host: str = LOOPBACK, port: int = 8000) -> None:
    """Serves until interrupted, and says on standard output where. OSError if the address is not free."""
    listener = _listen(host, port)
    print(f"The emulator listens on http://{_shown(host)}:{listener.getsockname()[1]}", flush=True)
    server = uvicorn.Server(_config(app))
    # What has been made so far stays to the end: collecting garbage need not look through it again and again.
    gc.freeze()
    with listener, suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


@contextmanager
def running(app: Asgi, port: int = 0) -> Iterator[str]:
    """Serves in a background thread on a loopback port, a free one by default; gives the base URL."""
    listener = _listen(LOOPBACK, port)
    server = _BackgroundServer(_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="emulator", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS):
            raise RuntimeError(f"the emulator did not start within {_START_SECONDS:g} seconds")
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        listener.close()


class _BackgroundServer(uvicorn.Server):
    """A server that tells when it is ready, and leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: Asgi) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        loop="auto" if sys.platform != "win32" else "asyncio",
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError):
        listener.close()
        raise
    listener.listen(2048)
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
