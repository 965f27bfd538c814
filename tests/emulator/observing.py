"""Observations of responses, for comparing servers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from emulator.messages import Reply
from tests.emulator.client import Client

# Without the first eight letters, which stand before the match: a dash is looked for at once, letters are everywhere.
_REST_OF_ID = re.compile(r"-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_BEGIN_OF_ID = re.compile(r"[0-9a-f]{8}")


class DifferentError(Exception):
    """Something else was seen than expected."""


class Observer:
    """Sends requests and keeps what is seen of the responses, with other ids and times than they had.

    DifferentError at the first sight that is not the expected one, if there are `expected` ones.
    """

    def __init__(self, client: Client, expected: Sequence[object] | None = None) -> None:
        self.client = client
        self.seen: list[object] = []
        self._expected = expected
        self._ids: dict[str, str] = {}

    def see(self, reply: Reply) -> str:
        """Keeps a response; gives the id in it."""
        text = reply.body.decode("utf-8", "backslashreplace")
        found = re.findall(r'"(?:callId|call_id)":"([^"]*)"', text)
        self.keep((reply.status, reply.headers, self._plain(text)))
        return found[0] if found else "none"

    def keep(self, sight: object) -> None:
        """Keeps something that was seen."""
        if self._expected is not None and sight != self._expected[len(self.seen)]:
            raise DifferentError(sight)
        self.seen.append(sight)

    def _plain(self, text: str) -> str:
        parts, done = list[str](), 0
        for found in _REST_OF_ID.finditer(text):
            begin = found.start() - 8
            if begin >= done and _BEGIN_OF_ID.fullmatch(text, begin, found.start()):
                parts += text[done:begin], self._numbered(text[begin : found.end()])
                done = found.end()
        return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", _near_now, "".join((*parts, text[done:])))

    def _numbered(self, identifier: str) -> str:
        if set(identifier) == {"0", "-"}:
            return identifier
        return self._ids.setdefault(identifier, f"ID{len(self._ids)}")


def _near_now(match: re.Match[str]) -> str:
    """NOW in place of a time within some minutes of the present."""
    away = datetime.fromisoformat(match[0]) - datetime.now(UTC)
    return "NOW" if abs(away) < timedelta(minutes=10) else match[0]
