"""Remembering good bodies: the same bytes need not be judged again, only a new call made of them."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

_CAPACITY = 512
_LARGEST = 8 * 1024
_MET = 8 * _CAPACITY  # hashes


class Draft(NamedTuple):
    """What a call is made of: its canonical body, and its answer without what is the call's own."""

    body: bytes
    response: bytes


class Memo:
    """Drafts by the bytes of bodies that were sent twice. The oldest is forgotten first.

    To keep what is sent once costs more than it could ever save, so of that only a hash is kept.
    """

    def __init__(self) -> None:
        self._drafts: OrderedDict[bytes, Draft] = OrderedDict()
        self._met: set[int] = set()

    def __len__(self) -> int:
        return len(self._drafts)

    def get(self, sent: bytes) -> Draft | None:
        """The draft for a body like one before."""
        return self._drafts.get(sent)

    def put(self, sent: bytes, draft: Draft) -> None:
        """Remembers a draft the second time that it is made, unless it is large."""
        if len(sent) > _LARGEST:
            return
        met = hash(sent)
        if met not in self._met:
            if len(self._met) > _MET:
                self._met.clear()
            self._met.add(met)
            return
        self._drafts[sent] = draft
        if len(self._drafts) > _CAPACITY:
            self._drafts.popitem(last=False)
