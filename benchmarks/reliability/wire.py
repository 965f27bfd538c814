"""HTTP/1.1 messages as bytes: read from one stream and written to another without change."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TypeAlias

LIMIT = 2**24  # bytes of a head; the suite may send long ones on purpose
_NO_BODY = frozenset({204, 304})

Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Message:
    """A request or a response. `head` ends with its blank line, `framed` is the body as it was on the wire."""

    head: bytes
    framed: bytes = b""

    @property
    def start(self) -> list[str]:
        """Return the words of the first line."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")

    @property
    def status(self) -> int:
        """Return the status code of a response."""
        return int(self.start[1])

    @property
    def method(self) -> str:
        """Return the method of a request."""
        return self.start[0]

    @property
    def path(self) -> str:
        """Return the path of a request, without its query."""
        return re.sub(r"^http://[^/]*", "", self.start[1]).partition("?")[0]

    @property
    def is_chunked(self) -> bool:
        """Return whether the body comes in chunks."""
        return "chunked" in (self.header("transfer-encoding") or "").lower()

    def header(self, name: str) -> str | None:
        """Return the value of a header, None if there is none of this name."""
        found = re.search(rb"(?im)^" + re.escape(name.encode()) + rb":[ \t]*([^\r\n]*)", self.head)
        return None if found is None else found[1].decode("latin-1").strip()


def response(status: int, body: bytes, headers: Headers = (), media_type: str = "application/json") -> Message:
    """Return a response with a content length."""
    fields = [("content-type", media_type), ("content-length", str(len(body))), *headers]
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in fields)]
    return Message("\r\n".join([*lines, "", ""]).encode("latin-1"), body)


def replaced(message: Message, body: bytes, headers: Headers = ()) -> Message:
    """Return a response of the same status with another body, and with additional headers."""
    return response(message.status, body, headers, message.header("content-type") or "application/json")


async def read_message(stream: asyncio.StreamReader, responses: Message | None = None) -> Message | None:
    """Read one message, None where the stream ends before it begins. `responses` is the request of a response.

    Raises IncompleteReadError where the stream ends within the message.
    """
    try:
        head = await stream.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    message = Message(head)
    if responses is not None:
        if 100 <= message.status < 200:
            return await read_message(stream, responses)
        if responses.method == "HEAD" or message.status in _NO_BODY:
            return message
    return Message(head, await _framed(stream, message, is_response=responses is not None))


async def _framed(stream: asyncio.StreamReader, message: Message, *, is_response: bool) -> bytes:
    length = message.header("content-length")
    if message.is_chunked:
        return await _chunked(stream)
    if length is not None:
        return await stream.readexactly(int(length))
    return await stream.read() if is_response else b""


async def _chunked(stream: asyncio.StreamReader) -> bytes:
    parts = []
    while True:
        line = await stream.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        parts += [line, await stream.readexactly(size + 2)]
        if size == 0:
            return b"".join(parts)
