"""Faults in what stands around a body: a server that fails at a header which HTTP allows on any request."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Fault
from emulator.faults.planted.status import failing


def _with(name: bytes, is_odd: Callable[[bytes], bool] = bool) -> Callable[..., bool]:
    return lambda exchange, _reply: is_odd(exchange.request.headers.get(name, b""))


FAULTS: tuple[Fault, ...] = (
    failing("compressed-body", "a compressed body", _with(b"content-encoding")),
    failing("chunked-body", "a body in chunks", _with(b"transfer-encoding")),
    failing("expectation", "a request that waits for 100 Continue", _with(b"expect")),
    failing("quoted-charset", "a charset in quotes", _with(b"content-type", lambda stated: b'"' in stated)),
    failing("weighted-accept", "a media type with a weight", _with(b"accept", lambda stated: b"q=" in stated)),
)
