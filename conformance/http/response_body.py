"""Reading the body of a response that may be hostile: what it takes is bounded while it grows, not afterwards.

    Content-Encoding: gzip, gzip   9.7 kB on the wire -> gzip -> 10 MB -> gzip -> 10 GB

Each coding hands on pieces of bounded size, so that a bomb ends at the bound of the last one. httpx would decode a whole piece
at once, and would build a decoder for each of 15,000 codings.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping

import httpx

LARGEST = 16 * 2**20  # bytes of a body, encoded and decoded; what is sent is far smaller
MOST_CODINGS = 2
ACCEPTED = "gzip, deflate"  # what is asked for, whatever else this Python could decode
_PIECE = 2**16  # bytes that a decoder gives at a time


class HostileResponse(ValueError):
    """A response takes more than any response of an API could need."""


class TooLarge(HostileResponse):
    """The body is larger than any that an API could give."""


class TooManyCodings(HostileResponse):
    """The body is encoded more often than any server would."""


class UnknownCoding(ValueError):
    """The body is encoded in a way that was not asked for."""


async def body_of(response: httpx.Response) -> bytes:
    """Return the decoded body; an empty one where it is not encoded as it says. HostileResponse where it takes too much."""
    if response.is_stream_consumed:  # the transport has read and decoded it, as one without a network does
        return response.content
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        codings = _codings_of(response.headers.get("content-encoding", ""))
        content = await _raw(response.stream)
    finally:
        await response.stream.aclose()
    try:
        for make in reversed(codings):
            content = _decoded(content, make)
    except zlib.error:
        return b""  # a response it is, if not one that could be read
    return content


def _codings_of(header: str) -> list[Callable[[bytes], zlib._Decompress]]:
    named = [each.strip().lower() for each in header.split(",", MOST_CODINGS + 1) if each.strip()]
    codings = [each for each in named if each != "identity"]
    if len(codings) > MOST_CODINGS or header.count(",") > MOST_CODINGS + 1:
        raise TooManyCodings(f"a response in {header.count(',') + 1:,} content codings; {MOST_CODINGS} are read")
    unknown = [each for each in codings if each not in _DECODERS]
    if unknown:
        raise UnknownCoding(f"a response in the content coding {unknown[0][:40]!r}; asked for were {ACCEPTED}")
    return [_DECODERS[each] for each in codings]


def _gzip(_content: bytes) -> zlib._Decompress:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _deflate(content: bytes) -> zlib._Decompress:
    # RFC 9110, 8.4.1.2: some send it without the zlib wrapper, whose first byte names compression method 8.
    is_wrapped = len(content) > 1 and content[0] & 0x0F == 8 and (content[0] * 256 + content[1]) % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS)


_DECODERS: Mapping[str, Callable[[bytes], zlib._Decompress]] = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate}


async def _raw(stream: httpx.AsyncByteStream) -> bytes:
    parts, size = list[bytes](), 0
    async for part in stream:
        size += len(part)
        if size > LARGEST:
            raise TooLarge(f"a response of more than {LARGEST:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _decoded(content: bytes, make: Callable[[bytes], zlib._Decompress]) -> bytes:
    parts, size = list[bytes](), 0
    for part in _pieces(content, make):
        size += len(part)
        if size > LARGEST:
            raise TooLarge(f"a response of more than {LARGEST:,} bytes, once it is decoded")
        parts.append(part)
    return b"".join(parts)


def _pieces(content: bytes, make: Callable[[bytes], zlib._Decompress]) -> Iterator[bytes]:
    """Yield a decoded content piece by piece; a gzip body may have several members, one after the other."""
    while content:
        decoder = make(content)
        while not decoder.eof:
            part = decoder.decompress(content, _PIECE)
            content = decoder.unconsumed_tail
            yield part
            if not part and not content and not decoder.eof:
                raise zlib.error("the body ends too early")
        content = decoder.unused_data
