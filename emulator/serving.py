"""Serving an application over HTTP: in the foreground for people, in the background for the suite."""

from __future__ import annotations

import gc
import logging
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import uvicorn

from emulator.limits import IDLE_SECONDS, MOST_CONNECTIONS, LimitedProtocol

if TYPE_CHECKING:
    from emulator.app import Asgi
    from emulator.certificates import Certificate

LOOPBACK = "127.0.0.1"
_START_SECONDS = 10.0
_LARGEST_FRAME = 65_536  # bytes; the emulator reads nothing from a WebSocket


def serve(app: Asgi, host: str = LOOPBACK, port: int = 8000, certificate: Certificate | None = None) -> None:
    """Serve until interrupted, and print the address; OSError if the address is not free.

    With a certificate the server speaks HTTPS.
    """
    listener = _listen(host, port)
    scheme = "https" if certificate else "http"
    print(f"The emulator listens on {scheme}://{_shown(host)}:{listener.getsockname()[1]}", flush=True)
    server = uvicorn.Server(_config(app, certificate))
    logging.getLogger("uvicorn.error").addFilter(_is_not_about_a_cut_response)
    # Everything made so far lives to the end: the garbage collector need not search it again and again.
    gc.freeze()
    with listener, suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


@contextmanager
def running(app: Asgi, port: int = 0, certificate: Certificate | None = None) -> Iterator[str]:
    """Serve in a background thread on a loopback port, a free one by default, and yield the base URL.

    RuntimeError where it does not start.
    """
    listener = _listen(LOOPBACK, port)
    server = _BackgroundServer(_config(app, certificate))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="emulator", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS):
            raise RuntimeError(f"the emulator did not start within {_START_SECONDS:g} seconds")
        yield f"{'https' if certificate else 'http'}://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        listener.close()


def _is_not_about_a_cut_response(record: logging.LogRecord) -> bool:
    """Return whether a log line of uvicorn is worth showing: responses that were scripted to end early are not."""
    return "without completing response" not in record.getMessage()


class _BackgroundServer(uvicorn.Server):
    """A server that sets `ready` when it accepts connections, and leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: Asgi, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="wsproto",
        ws_max_size=_LARGEST_FRAME,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        loop="auto" if sys.platform != "win32" else "asyncio",
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
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
