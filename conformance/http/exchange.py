"""An exchange: a case with the response it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from conformance.http.json_body import NOT_JSON as NOT_JSON
from conformance.http.json_body import json_of
from conformance.http.redaction import NOTHING_SECRET, Redaction, beginning, sent_text
from conformance.http.run_tag import RunTag
from openapi.json_types import Json
from strategies.case import Case

HELD_BACK = "held back"
LARGE = 2**15  # bytes; with many escapes, to look through them once takes 10 ms
_LONGEST_SPELLING = 32  # times a character, in the longest spelling of a secret that gives way to a shorter text
_SPARE = 4_096


@dataclass(frozen=True)
class Exchange:
    """A case with its response. `status` is 0 and `error` says why where none came; times are seconds.

    `tag` is what the run marks objects with. `tagged` are the sent bytes where the tag is in them.
    """

    case: Case
    number: int
    status: int
    headers: dict[str, str]
    content: bytes
    seconds: float
    at: float
    error: str | None = None
    attempts: tuple[int, ...] = field(default=())
    redaction: Redaction = field(default=NOTHING_SECRET, repr=False)
    tag: RunTag | None = None
    tagged: bytes | None = None

    @cached_property
    def json(self) -> Json:
        """Return the body of the response as a JSON value without the run tag, or NOT_JSON."""
        value = json_of(self.content)
        return value if self.tag is None else self.tag.without(value)

    @property
    def shows_tag(self) -> bool:
        """Return whether the response shows an object with the run tag."""
        return self.tag is not None and self.tag.is_on(json_of(self.content))

    @property
    def is_success(self) -> bool:
        """Return whether the status is a 2xx."""
        return 200 <= self.status < 300

    @property
    def is_held_back(self) -> bool:
        """Return whether the request was not sent, since it holds what dials, pays or calls out."""
        return self.error is not None and self.error.startswith(HELD_BACK)

    @cached_property
    def sent(self) -> str | None:
        """Return the sent bytes as a text without secrets, cut as in the record; None where none were sent."""
        return sent_text(self.tagged or self.case.content, self.redaction)

    @cached_property
    def received(self) -> str:
        """Return the body of the response as a text without secrets, cut as in the record."""
        return beginning(self.content.decode("utf-8", "backslashreplace"), self.shown)

    @property
    def is_large(self) -> bool:
        """Return whether it takes so long to look through the bodies that it would hold up the event loop."""
        return len(self.content) + len(self.tagged or self.case.content or b"") > LARGE

    def look_through(self) -> None:
        """Work out once what is asked for again and again, so that nobody works it out in the event loop."""
        _ = (self.sent, self.received, self.json)

    @cached_property
    def _values(self) -> tuple[tuple[str, str], ...]:
        return self.redaction.values_in(self.content)

    def shown(self, text: str) -> str:
        """Return a text about this exchange without secrets."""
        return self.redaction.text(text, self._values)

    def excerpt(self, length: int) -> str:
        """Return the beginning of the response body, without secrets: they are looked for before it is cut."""
        begun = self.content[: length * _LONGEST_SPELLING + _SPARE].decode("utf-8", "replace")
        return self.shown(begun)[:length]
