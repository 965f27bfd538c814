"""Remembering good requests: the same bytes need not be judged again, only a new call made of them."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from emulator.messages import Request

_CAPACITY = 512
_LARGEST = 8 * 1024
_MET = 8 * _CAPACITY  # hashes


class Draft(NamedTuple):
    """What a call is made of: its canonical body, and its answer without what is the call's own."""

    body: bytes
    answer: bytes


class Memo:
    """Drafts by what was sent twice; not for requests whose answer depends on an earlier call. The oldest is forgotten first.

    To keep what is sent once costs more than it could ever save, so of that only a hash is kept.
    """

    def __init__(self) -> None:
        self._drafts: OrderedDict[tuple[bytes, bytes, bytes | None], Draft] = OrderedDict()
        self._met: set[int] = set()

    def __len__(self) -> int:
        return len(self._drafts)

    def get(self, request: Request) -> Draft | None:
        """The draft for a request like one before."""
        return self._drafts.get(_key(request))

    def put(self, request: Request, draft: Draft) -> None:
        """Remembers a draft the second time that it is made, unless it is large."""
        if len(request.body) > _LARGEST:
            return
        key = _key(request)
        met = hash(key)
        if met not in self._met:
            if len(self._met) > _MET:
                self._met.clear()
            self._met.add(met)
            return
        self._drafts[key] = draft
        if len(self._drafts) > _CAPACITY:
            self._drafts.popitem(last=False)


def _key(request: Request) -> tuple[bytes, bytes, bytes | None]:
    return request.body, request.query_string, request.headers.get(b"content-type")
