"""Bodies of hostile servers take bounded memory and time; all others are read as httpx reads them."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.response_body import LARGEST, TooLarge, TooManyCodings, UnknownCoding, body_of

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "deflate": zlib.compress,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
}
DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
RAW_DEFLATE = DEFLATE.compress(b"raw") + DEFLATE.flush()


def read(content: bytes, codings: str = "", piece: int = 1000) -> bytes:
    """The body of a response that comes piece by piece."""

    async def pieces() -> AsyncIterator[bytes]:
        for first in range(0, len(content), piece):
            yield content[first : first + piece]

    headers = {"content-encoding": codings} if codings else {}
    return asyncio.run(body_of(httpx.Response(200, headers=headers, content=pieces())))


@given(
    st.binary(max_size=5_000),
    st.sampled_from(["", "gzip", "x-gzip", "deflate", "gzip, gzip", "GZIP, identity"]),
    st.integers(1, 50),
)
def test_a_body_is_decoded_whatever_its_pieces(body: bytes, codings: str, piece: int) -> None:
    encoded = body
    for coding in filter(None, codings.lower().split(", ")):
        encoded = ENCODERS[coding](encoded)
    assert read(encoded, codings, piece) == body


def test_deflate_without_its_wrapper_and_gzip_of_several_members_are_read() -> None:
    assert read(RAW_DEFLATE, "deflate") == b"raw"
    assert read(gzip.compress(b"one") + gzip.compress(b"two"), "gzip") == b"onetwo"


@pytest.mark.parametrize(
    "content", [b"no gzip at all", gzip.compress(b"x" * 1000)[:-9], gzip.compress(b"x") + b"rest"], ids=["other", "cut", "more"]
)
def test_a_body_that_is_not_encoded_as_it_says_is_empty(content: bytes) -> None:
    assert read(content, "gzip") == b""


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_bomb_ends_at_the_bound(rounds: int) -> None:
    content = gzip.compress(bytes(300 * 2**20), compresslevel=1)
    for _ in range(rounds - 1):
        content = gzip.compress(content)
    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(TooLarge):
        read(content, ", ".join(["gzip"] * rounds))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * LARGEST
    assert time.monotonic() - begun < 10


def test_a_body_without_end_ends_at_the_bound() -> None:
    with pytest.raises(TooLarge):
        read(bytes(LARGEST + 1), piece=2**16)


def test_many_codings_are_refused_before_anything_is_read() -> None:
    with pytest.raises(TooManyCodings, match="15,000"):
        read(b"", ",".join(["gzip"] * 15_000))


def test_a_coding_that_was_not_asked_for_is_named() -> None:
    with pytest.raises(UnknownCoding, match="'br'"):
        read(b"x", "br")
