"""The short way of nearly every request: a key, no query, and a body that is plain."""

from __future__ import annotations

import orjson

from emulator.authentication import Doorkeeper
from emulator.members import members_of
from emulator.memo import Draft, Memo
from emulator.messages import Request
from emulator.parsing import Malformed, json_of
from emulator.response_writer import ResponseWriter
from emulator.validation import Enforcer
from emulator.variants import Variant
from openapi.contract import Contract


class Shortcut:
    """Makes drafts of requests to create that nothing is wrong with, and of which nothing depends on an earlier call.

    For all else there is the long way, which comes to the same drafts: it passes the seams at which faults work, and knows
    what to say to those that are refused. `members` does it where bodies can be taken member by member.
    """

    def __init__(
        self, contract: Contract, doorkeeper: Doorkeeper, enforcer: Enforcer, writer: ResponseWriter, variant: Variant
    ) -> None:
        self._method, self._path, self._media_type = contract.method, contract.path, contract.media_type.encode()
        self._doorkeeper, self._enforcer, self._writer = doorkeeper, enforcer, writer
        self._largest_body = variant.largest_body
        self._memo = Memo()
        self.members = members_of(contract, enforcer, writer)

    def draft(self, request: Request) -> Draft | None:
        """The draft of the call that a request creates; None if it must go the long way."""
        method, path, query_string, headers, body = request
        if (
            query_string
            or path != self._path
            or method != self._method
            or headers.get(b"content-type") != self._media_type
            or self._doorkeeper.refuses(request)
        ):
            return None
        return self._memo.get(body) or self._made(body)

    def _made(self, body: bytes) -> Draft | None:
        if len(body) > self._largest_body:
            return None
        draft = self.members.draft(body) if self.members is not None else self._as_a_whole(body)
        if draft is not None:
            self._memo.put(body, draft)
        return draft

    def _as_a_whole(self, body: bytes) -> Draft | None:
        try:
            sent = json_of(body)
        except Malformed:
            return None
        if not self._enforcer.is_plain(sent) or self._enforcer.problem({}, sent, plain=True):
            return None
        settled = self._writer.settled(sent)
        return Draft(body if settled is sent else orjson.dumps(settled), self._writer.draft({}, settled))
