"""Responses of a hostile server: each would cost a careless client memory, time or its life."""

from __future__ import annotations

import asyncio
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from benchmarks.reliability.proxy import Fault, Hop
from benchmarks.reliability.wire import Headers, Message, replaced, response

_BOMB = 2**30  # bytes of the innermost body
_BLOCK = 2**24
_GZIP = bytes.fromhex("1f8b08000000000002ff")  # the head of what gzip packs
_JOIN = re.compile(rb'("joinUrl": ?)"[^"]*"')
_DRIP = 0.2  # seconds between two bytes
_LONG = 600.0  # seconds; longer than any run waits


def _fixed(made: Callable[[], Message]) -> Fault:
    async def fault(hop: Hop) -> bool:
        return await hop.reply(made())

    return fault


@cache
def bomb() -> Message:
    """Return a body of a few kilobytes that is a gigabyte when it is decoded twice.

    A full flush makes what comes after it independent of what came before: one block is packed, and repeated.
    """
    zeros, checksum = bytes(_BLOCK), 0
    for _ in range(_BOMB // _BLOCK):
        checksum = zlib.crc32(zeros, checksum)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    inner = _GZIP + block * (_BOMB // _BLOCK) + packer.flush() + struct.pack("<II", checksum, _BOMB % 2**32)
    outer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return response(201, outer.compress(inner) + outer.flush(), (("content-encoding", "gzip, gzip"),))


def codings() -> Message:
    """Return a response that claims to be encoded 15,000 times."""
    return response(201, b"{}", (("content-encoding", ",".join(["gzip"] * 15_000)),))


def _instead(value: str) -> Fault:
    """Response with a value that no client can read, without a request to the emulator."""
    return _fixed(lambda: response(201, f'{{"filler": {value}}}'.encode()))


def _beside(value: str) -> Fault:
    """Add a member to the emulator's response; the result is JSON that any client should read."""

    async def fault(hop: Hop) -> bool:
        response = await hop.forward()
        if not response.framed.startswith(b"{") or len(response.framed) == 2:
            return await hop.reply(response)
        return await hop.reply(replaced(response, f'{{"filler": {value}, '.encode() + response.framed[1:]))

    return fault


def _too_many(value: str) -> Callable[[], Message]:
    headers: Headers = (("retry-after", value),)
    return lambda: response(429, b'{"detail": "Too many requests"}', headers)


def misplaced(value: str) -> Fault:
    """Return a fault that has a value in place of a string in the emulator's response: a finding, which is to be reported."""

    async def fault(hop: Hop) -> bool:
        response = await hop.forward()
        return await hop.reply(replaced(response, _JOIN.sub(rb"\g<1>" + value.encode(), response.framed)))

    return fault


async def endless_headers(hop: Hop) -> bool:
    """Send headers without an end."""
    await hop.send(b"HTTP/1.1 201 -\r\n")
    while True:
        await hop.send(b"x-filler: " + b"a" * 1000 + b"\r\n")


async def endless_body(hop: Hop) -> bool:
    """Send chunks without an end."""
    await hop.send(b'HTTP/1.1 201 -\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n"\r\n')
    while True:
        await hop.send(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


async def slow_drip(hop: Hop) -> bool:
    """Send a body byte by byte, so that no read ever waits long."""
    await hop.send(b"HTTP/1.1 201 -\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n")
    while True:
        await hop.send(b" ")
        await asyncio.sleep(_DRIP)


async def half_closed(hop: Hop) -> bool:
    """Close one direction without a response, and keep the other open."""
    hop.writer.write_eof()
    await hop.reader.read()
    return False


async def silent(_hop: Hop) -> bool:
    """Send nothing, and keep the connection open."""
    await asyncio.sleep(_LONG)
    return False


# Each stands for a string in a response, so that the suite has to show what it cannot expect.
MISPLACED: Mapping[str, Fault] = {
    "JSON nested 300 deep": misplaced("[" * 300 + "]" * 300),
    "integer of 300 digits": misplaced("9" * 300),
}
HOSTILE: Mapping[str, Fault] = {
    "gzip bomb": _fixed(bomb),
    "15,000 codings": _fixed(codings),
    "JSON nested 300 deep": _beside("[" * 300 + "]" * 300),
    "JSON nested 100,000 deep": _instead("[" * 100_000 + "]" * 100_000),
    "integer of 300 digits": _beside("9" * 300),
    "integer of 100,000 digits": _instead("9" * 100_000),
    "Retry-After of 10^20 seconds": _fixed(_too_many("1" + "0" * 20)),
    "Retry-After with an absurd zone": _fixed(_too_many("Wed, 21 Oct 2065 07:28:00 +999999999999")),
    "endless headers": endless_headers,
    "endless body": endless_body,
    "slow drip": slow_drip,
    "half-closed": half_closed,
    "silent": silent,
}
