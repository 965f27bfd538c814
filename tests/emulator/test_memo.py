"""Remembering good bodies."""

from __future__ import annotations

from emulator.memo import Draft, Memo

_DRAFT = Draft(b"{}", b"{}")


def test_only_the_same_body_is_known() -> None:
    memo = Memo()
    memo.put(b"a", _DRAFT)
    assert memo.get(b"a") is None  # who sends it once may never send it again
    memo.put(b"a", _DRAFT)
    assert memo.get(b"a") is _DRAFT
    assert memo.get(b"b") is None


def test_it_is_bounded() -> None:
    memo = Memo()
    for number in [*range(2000), *range(2000)]:
        memo.put(b"%d" % number, _DRAFT)
    assert len(memo) == 512
    assert memo.get(b"0") is None
    for _ in range(2):
        memo.put(b"x" * 10_000, _DRAFT)
    assert memo.get(b"x" * 10_000) is None
