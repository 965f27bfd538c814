"""Checks of one's own: rules that a function states, beside those that are derived from the description.

@check("acme.link", "MUST", "link MUST be an https URL.")
def link(exchange):
    if not exchange.json["link"].startswith("https:"):
        yield f"link is {exchange.json['link']}"
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from openapi.json_types import Json, Path
from openapi.rules import Area, Basis, Level, Rule

Kind = TypeVar("Kind", bound=StrEnum)
_ID = re.compile(r"[A-Za-z][\w-]*(\.[\w-]+)+")


@dataclass(frozen=True, kw_only=True)
class Observed:
    """A request of the create operation and its response. `body` is the JSON value that was sent; `json` that was received.

    `query` holds the pairs of the query; `headers` are those of the response. A body that is no JSON is None.
    """

    body: Json
    status: int
    json: Json = None
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


@dataclass(frozen=True)
class Problem:
    """A violation that a check has seen: the `actual` behaviour, what was `expected`, the `path` of the member in the body.

    Where nothing is `expected`, the sentence of the rule stands there.
    """

    actual: str
    expected: str = ""
    path: Path = ()


class About(StrEnum):
    """The exchanges that a check is about, by their response: an object was created, the request was refused, or any."""

    CREATED = "created"
    REFUSED = "refused"
    ANY = "any"


Found = Iterable[str | Problem] | str | None


class OwnCheckError(ValueError):
    """A check of one's own, or the file that holds it, is invalid; the message names it and the remedy."""


@dataclass(frozen=True)
class OwnCheck:
    """A rule, and the function that judges exchanges by it. It is called as that function.

    `when` chooses among the exchanges that it is `about`; `file` is the one that the function stands in.
    """

    rule: Rule
    function: Callable[[Observed], Found]
    about: About = About.CREATED
    when: Callable[[Observed], bool] | None = None
    file: str = ""

    def __call__(self, exchange: Observed) -> list[Problem]:
        """Return the problems that the function sees in an exchange. TypeError if it returns anything else."""
        found: object = self.function(exchange)
        if found is None:
            return []
        if not isinstance(found, Iterable):
            raise TypeError(f"a check returns what is wrong, or nothing, and not {found!r}")
        return [_problem(each) for each in ([found] if isinstance(found, str) else found)]


def _problem(found: object) -> Problem:
    if not isinstance(found, str | Problem):
        raise TypeError(f"what is wrong is a string or a Problem, and not {found!r}")
    return Problem(found) if isinstance(found, str) else found


def check(
    identity: str,
    level: str,
    sentence: str,
    *,
    about: str = "created",
    when: Callable[[Observed], bool] | None = None,
    basis: str = "documented",
) -> Callable[[Callable[[Observed], Found]], OwnCheck]:
    """Return a decorator that makes a rule of a function.

    The function returns, or yields, what is wrong with an exchange: strings, or `Problem`s with more detail. `level` is MUST,
    SHOULD or MAY and stands in the sentence. `about` is `created`, `refused` or `any`; `when` chooses further. `basis` is
    `documented` where a violation fails the run, `implied` where it does so under `--strict`. OwnCheckError if one is invalid.
    """

    def registered(function: Callable[[Observed], Found]) -> OwnCheck:
        file = inspect.getsourcefile(function) or ""
        source = f"{file}:{function.__code__.co_firstlineno}" if hasattr(function, "__code__") else file
        rule = rule_of(identity, level, sentence, basis=basis, source=source)
        return OwnCheck(rule, function, _member(About, "about", about, identity), when, file)

    return registered


def rule_of(identity: str, level: str, sentence: str, *, basis: str = "documented", source: str = "") -> Rule:
    """Return the rule that a check is about. OwnCheckError if its id, level or sentence is invalid."""
    if not _ID.fullmatch(identity):
        raise OwnCheckError(f"{identity}: a rule id has words with dots between them, such as acme.link")
    strength = _member(Level, "level", level, identity)
    if strength not in sentence:
        raise OwnCheckError(f"{identity}: its sentence has no {strength}: {sentence}")
    return Rule(
        id=identity,
        area=Area.OWN,
        level=strength,
        basis=_member(Basis, "basis", basis, identity),
        requirement=sentence,
        quote=None,
        source=source,
    )


def _member(kinds: type[Kind], name: str, value: str, identity: str) -> Kind:
    try:
        return kinds(value)
    except ValueError:
        raise OwnCheckError(f"{identity}: {name} is {value}; give {', '.join(kinds)}") from None
