"""Remembering good requests."""

from __future__ import annotations

from emulator.memo import Draft, Memo
from emulator.messages import Request

_DRAFT = Draft(b"{}", b"{}")


def _request(body: bytes, query: bytes = b"", media_type: bytes = b"application/json") -> Request:
    return Request("POST", "/", query, {b"content-type": media_type}, body)


def test_only_the_same_request_is_known() -> None:
    memo = Memo()
    memo.put(_request(b"a"), _DRAFT)
    assert memo.get(_request(b"a")) is None  # who sends it once may never send it again
    memo.put(_request(b"a"), _DRAFT)
    assert memo.get(_request(b"a")) is _DRAFT
    assert memo.get(_request(b"b")) is None
    assert memo.get(_request(b"a", b"q")) is None
    assert memo.get(_request(b"a", b"", b"text/plain")) is None


def test_it_is_bounded() -> None:
    memo = Memo()
    for number in [*range(2000), *range(2000)]:
        memo.put(_request(b"%d" % number), _DRAFT)
    assert len(memo) == 512
    assert memo.get(_request(b"0")) is None
    for _ in range(2):
        memo.put(_request(b"x" * 10_000), _DRAFT)
    assert memo.get(_request(b"x" * 10_000)) is None
