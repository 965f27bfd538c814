"""A value that a sentence states in words: a number, a member of an enum, a duration such as `1 hour`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from openapi.json_types import Json

_QUOTED = re.compile(r"^[\"'“`]([^\"'”`]*)[\"'”`]")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?(?![\w.]*\d|%)")
_LENGTH = re.compile(r"^(\d+(?:\.\d+)?) ?(milliseconds?|ms|seconds?|s|minutes?|min|hours?|h|days?)\b")
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "s": 1}
_WORD = re.compile(r"^[A-Za-z0-9][\w./-]*")
_MEMBER = re.compile(r"^[`\"']?(\w+): \{\}")  # such as `agent: {}`


def value_in(text: str, members: list[str], is_valid: Callable[[Json], bool]) -> tuple[Json, bool] | None:
    """Return the value that a text begins with, and whether it stands there literally; None if it states none.

    `members` are those of an enum, whose last words may stand for them: `loud` for `TONE_LOUD`. `is_valid` says whether the
    described member admits a value.
    """
    return next(((value, literal) for value, literal in _readings(text, members) if is_valid(value)), None)


def _readings(text: str, members: list[str]) -> Iterator[tuple[Json, bool]]:
    """Yield what a text may begin with, the most literal reading first."""
    if found := _MEMBER.match(text):
        yield {found[1]: {}}, True
    if found := _QUOTED.match(text):
        yield found[1], True
        yield from _json(found[1])
    if found := _LENGTH.match(text):
        yield _duration(float(found[1]), found[2]), False
    if found := _NUMBER.match(text):
        yield from _json(found[0])
    if found := _WORD.match(text):
        word = found[0].rstrip(".,;")
        yield from _json(word)
        if word in members:
            yield word, True
        yield from ((each, False) for each in members if each.lower().endswith(f"_{word.lower()}"))
        # A name with a mark in it is no ordinary word of the sentence.
        if re.search(r"[/_0-9]", word):
            yield word, True


def _json(text: str) -> Iterator[tuple[Json, bool]]:
    try:
        yield json.loads(text), True
    except ValueError:
        return


def _duration(amount: float, unit: str) -> str:
    seconds = amount / 1000 if unit.startswith(("ms", "milli")) else amount * _SECONDS[unit[0]]
    return f"{seconds:g}s"
