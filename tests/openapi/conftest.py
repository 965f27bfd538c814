"""A web server for descriptions, and a folder for those that Hypothesis makes up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


@dataclass
class Served:
    """The content of a web server on this machine: status and bytes by path."""

    url: str
    pages: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)

    def at(self, path: str, content: str, status: int = 200) -> str:
        """Serves a text; returns its URL."""
        self.pages[path] = (status, content.encode())
        return f"{self.url}{path}"


@pytest.fixture
def served() -> Iterator[Served]:
    pages = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = pages.pages.get(self.path, (404, b"nothing here"))
            pages.received.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        pages.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield pages
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for a whole session, for tests that run many examples."""
    return tmp_path_factory.mktemp("descriptions")
