"""A finding: one way in which a response is not what a rule demands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.http.exchange import Exchange
from openapi.json_types import Json, Path, pointer


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that an exchange shows violated. `path` is where in the body (or response, for shape).

    `rule` is empty for a valid body that was refused, until its offending field is found.
    """

    rule: str
    side: str
    expected: str
    actual: str
    path: Path = ()
    attribute: bool = False


@dataclass(frozen=True)
class Suspect:
    """A finding that waits for triage. `judge` shows from an exchange of the same request whether it shows the finding again.

    `is_sequel` says that the request is one of several in a row. Sent alone, it may not show what the row has shown. `is_whole`
    says that a smaller body would be about something else, so that the request is reported as it is.
    """

    exchange: Exchange
    finding: Finding
    judge: Callable[[Exchange], Finding | None]
    is_sequel: bool = False
    is_whole: bool = False

    @property
    def plainness(self) -> tuple[bool, int]:
        """Return what orders findings from the plainest request on: those without a query first, then by bytes of the body."""
        case = self.exchange.case
        return bool(case.query or case.query_text), len(case.content or b"")


Naming = Callable[[Finding], Finding]  # the rule that a finding is reported under, where more is known than its exchange shows


def as_found(finding: Finding) -> Finding:
    """Return a finding under the rule that it was found to break."""
    return finding


@dataclass
class CheckResult:
    """The outcome of checking one exchange: the findings, the (rule, side) pairs that held, or why nothing can be said.

    `raised` has the user's checks that raised, by rule, and where.
    `observed` holds what was seen of undocumented behaviour: the rule that records it, what happened, and where.
    """

    findings: list[Finding] = field(default_factory=list)
    held: set[tuple[str, str]] = field(default_factory=set)
    observed: set[tuple[str, str, str]] = field(default_factory=set)
    unjudged: str | None = None
    raised: dict[str, str] = field(default_factory=dict)


def most_specific(findings: list[Finding], documented: Callable[[str], bool]) -> list[Finding]:
    """Return of findings about one place of a response those that say most: a missing member has no other echo besides.

    One of a lower rank at the same place or around it explains a finding. It does not if the finding's rule alone is
    documented.
    """

    def explains(one: Finding, other: Finding) -> bool:
        return _explains(one, other) and (documented(one.rule) or not documented(other.rule))

    return [each for each in findings if not any(explains(other, each) for other in findings)]


def _explains(one: Finding, other: Finding) -> bool:
    if one is other or one.side not in _RANKS or other.side not in _RANKS or not _place(one):
        return False
    size = min(len(_place(one)), len(_place(other)))
    near = bool(_place(other)) and _place(one)[:size] == _place(other)[:size]
    return near and _rank(one) < _rank(other)


_RANKS = {"shape": 0, "default": 1, "echo": 3}


def _rank(finding: Finding) -> int:
    """Return the rank of a finding: what a keyword says of a response, then a default, a stated rule, an echo."""
    if finding.side == "shape":
        keyword = finding.rule.rsplit(".", 1)[-1]
        return 2 if "-" in keyword else 0
    return _RANKS[finding.side]


def _place(finding: Finding) -> Path:
    return (*finding.path, finding.rule.split(".")[-2]) if finding.rule.endswith(".required") else finding.path


_BEFORE = 60  # characters that are shown before those that differ


def shown(value: Json, limit: int = 300) -> str:
    """Return a JSON value for a message, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[: limit - 40]}… ({len(text)} characters)"


def shown_apart(one: Json, other: Json, limit: int = 300) -> tuple[str, str]:
    """Return two values for a message; of long ones what lies around the place where they begin to differ."""
    first, second = (json.dumps(each, ensure_ascii=False) for each in (one, other))
    pairs = enumerate(zip(first, second, strict=False))
    begin = next((index for index, (a, b) in pairs if a != b), min(len(first), len(second))) - _BEFORE
    if begin < limit - 2 * _BEFORE:  # the beginnings show it
        return shown(one, limit), shown(other, limit)
    return _from(begin, first, limit), _from(begin, second, limit)


def _from(begin: int, text: str, limit: int) -> str:
    end = "…" if begin + limit < len(text) else ""
    return f"…{text[begin : begin + limit]}{end} ({len(text)} characters)"


def where(path: Path) -> str:
    """Return a path for a message: `a/0/b`, or `the body`."""
    return pointer(*path) or "the body"
