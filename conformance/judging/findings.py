"""A finding: one way in which an answer is not what a rule demands."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from openapi.json_types import Json, pointer


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that an exchange shows broken. `path` is where in the body (or answer, for shape).

    `rule` is empty for a valid body that was refused, until its culprit is found.
    """

    rule: str
    side: str
    expected: str
    actual: str
    path: tuple[str | int, ...] = ()
    attribute: bool = False


@dataclass
class Judgement:
    """What one exchange says: the findings, the (rule, side) pairs that held, or why nothing can be said."""

    findings: list[Finding] = field(default_factory=list)
    held: set[tuple[str, str]] = field(default_factory=set)
    unjudged: str | None = None


def shown(value: Json, limit: int = 300) -> str:
    """A JSON value for a message, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[: limit - 40]}… ({len(text)} characters)"


def where(path: tuple[str | int, ...]) -> str:
    """A path for a message: `a/0/b`, or `the body`."""
    return pointer(*path) or "the body"
