"""A response case: one scripted response, and its required effect on a client."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from emulator.testing.script import ScriptedResponse
from openapi.json_types import Path

MARKER = "detail-4f7a1c"  # what the detail of an error must still hold when it reaches the caller


class Expectation(StrEnum):
    """The required effect of a response on the client."""

    READ = "read"  # returned as it was sent
    ACCEPTED = "accepted"  # returned in any form: it holds what the client does not know
    ERROR = "error"  # surfaced as an error
    WAITED = "waited"  # sent again after the time that it names, and returned then
    ANY = "any"  # returned or surfaced as an error, but no crash: it violates the description


@dataclass(frozen=True)
class ResponseCase:
    """A scripted response, what must come of it, and the member that is special about it.

    After the response the server responds as usual. `detail` is whether the caller must see MARKER; `wait` is the number of
    seconds that the response asks for. Cases that are about no member are reported by their `group`. `rule` is the id of
    the rule that the response shows or violates; empty if none is about it.
    """

    kind: str
    label: str
    expectation: Expectation
    response: ScriptedResponse
    member: str = ""
    path: Path = ()
    detail: bool = False
    wait: float = 0
    group: str = ""
    rule: str = ""

    @property
    def subject(self) -> str:
        """Return the member that the case is about, or the group of responses that it stands for."""
        return self.member or self.group

    @property
    def id(self) -> str:
        """Return a name for people and for `--select`."""
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", self.label).strip("-").lower()
        return f"response/{self.kind}/{slug}" if not self.member else f"response/{self.kind}/{self.member}/{slug}"
