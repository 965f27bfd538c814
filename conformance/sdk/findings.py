"""Findings of one case: deviations with their kind and level, and the fate of the intended member."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from conformance.sdk.calls import IntendedCall
from conformance.sdk.comparison import ABSENT
from conformance.sdk.protocol import Outcome
from conformance.sdk.recording import Arrived
from openapi.json_types import Json


class Level(StrEnum):
    """How much a deviation counts: MUST fails a client, SHOULD is reported."""

    MUST = "MUST"
    SHOULD = "SHOULD"


# What a client owes to its caller, by the kind of deviation.
KINDS: dict[str, tuple[Level, str]] = {
    "dropped": (Level.MUST, "A client MUST send each member that its caller sets."),
    "mangled": (Level.MUST, "A client MUST send each value as its caller gives it."),
    "invented": (Level.MUST, "A client MUST NOT send a member that its caller does not set."),
    "redundant": (
        Level.SHOULD,
        "A client SHOULD leave out what its caller leaves out, not send null, a default or an empty one.",
    ),
    "query in body": (Level.MUST, "A client MUST send a query parameter in the query alone."),
    "invalid request": (Level.MUST, "A client MUST NOT make an invalid request of a valid call."),
    "not sent": (Level.MUST, "A client MUST NOT refuse a valid call."),
    "no error": (Level.MUST, "A client MUST surface an error response as an error."),
    "lost status": (Level.SHOULD, "A client SHOULD show the status code of an error response."),
    "lost detail": (Level.SHOULD, "A client SHOULD show the detail of an error response."),
    "not waited": (Level.SHOULD, "A client SHOULD try again after the time in Retry-After."),
    "too early": (Level.MUST, "A client that tries again MUST wait for the time in Retry-After."),
    "unread response": (Level.MUST, "A client MUST read every valid response."),
    "unread extension": (Level.MUST, "A client MUST read a response with members that it does not know."),
    "dropped response": (Level.MUST, "A client MUST return each member of the response."),
    "mangled response": (Level.MUST, "A client MUST return each value of the response as it was sent."),
    "lost precision": (Level.SHOULD, "A client SHOULD return all digits of a timestamp."),
    "invented response": (Level.MUST, "A client MUST NOT return a member that was not sent, unless as its default."),
    "repeated": (Level.MUST, "A client MUST create one call for each intended call."),
    "crash": (Level.MUST, "A client MUST neither crash nor hang."),
    "documented example": (Level.MUST, "A client's documentation MUST propose valid values."),
    "documented default": (Level.MUST, "A client MUST do what its documentation says of an unset member."),
}


@dataclass(frozen=True)
class Deviation:
    """One way in which a client deviates in one case.

    `member` is a place with a `*` for each index and key. `at` is the JSON Pointer to the differing value.
    """

    kind: str
    member: str
    expected: str
    actual: str
    at: str = ""

    @property
    def level(self) -> Level:
        """Return how much it counts."""
        return KINDS[self.kind][0]


class Carriage(StrEnum):
    """The fate of one member of one intended call."""

    CARRIED = "carried"
    DROPPED = "dropped"
    MANGLED = "mangled"
    UNSUPPORTED = "cannot express"
    REFUSED = "refused"


@dataclass(frozen=True)
class Judged:
    """The result of one case; `carriage` is None if the case says nothing about its member.

    `edge` names what is special about a response, whichever member it is special in.
    """

    case: str
    label: str
    member: str
    intended: IntendedCall
    deviations: tuple[Deviation, ...]
    carriage: Carriage | None = None
    arrived: Arrived | None = None
    outcome: Outcome | None = None
    skipped: str = ""
    edge: str = ""


NO_VALUE = "absent"  # what is shown of a member that is not there


def shown(value: Json, limit: int = 160) -> str:
    """Return a value as JSON, shortened."""
    text = NO_VALUE if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"
