"""Limits on connections: the server may stand in a shared network, where clients are slow, broken or hostile.

uvicorn bounds neither the size of a request's head nor the time that a request may take to arrive. A connection that sends
half a request and then nothing would stay open until the client closes it.
"""

from __future__ import annotations

import asyncio
import math

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024  # bytes of request line and headers
IDLE_SECONDS = 15  # between two requests on one connection
ARRIVAL_SECONDS = 30.0  # from the first byte of a request to its last, and before the first request of a connection
MOST_CONNECTIONS = 1000

_DETAIL = b"The head of the request is too large."
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (
    len(_DETAIL),
    _DETAIL,
)


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol, with limits on the size of a head and on the time for a request to arrive.

    A head that ends in the packet in which it exceeds the limit is still read: the limit is one of memory.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._head: float = 0  # bytes of the head that is arriving
        self._deadline: asyncio.TimerHandle | None = None
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, unless the head grows beyond the limit."""
        self._start_deadline()
        self._head += len(data)
        super().data_received(data)
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            self._stop_deadline()
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Let the application begin; from here on the body is its own business."""
        super().on_headers_complete()
        self._head = -math.inf

    def on_message_complete(self) -> None:
        """Stop the clock: the whole request is here."""
        self._head = 0
        self._stop_deadline()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the WebSocket protocol, which has timeouts of its own."""
        self._stop_deadline()
        super().handle_websocket_upgrade()

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(ARRIVAL_SECONDS, self._expire)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        self._deadline = None
        self.transport.abort()
