"""The result of asking a parser: what it reads in a document, or why it refuses it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openapi.json_types import Json, Schema


@dataclass(frozen=True, slots=True)
class Read:
    """A document that the parser reads, and the JSON value that it makes of it."""

    value: Json


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the parser refuses."""

    reason: str


Reading: TypeAlias = Read | Refused


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser that this project did not write.

    `read` takes a self-contained JSON Schema and JSON strings, and returns one reading for each text. `enforced` names the
    keywords that the parser checks itself, in the dialect of its language: no later check of a server repeats them.
    `missing` says what has to be installed, and is None where the parser can be asked.
    """

    title: str
    version: Callable[[], str]
    missing: Callable[[], str | None]
    read: Callable[[Schema, Sequence[str]], list[Reading]]
    enforced: frozenset[str] = frozenset()
    settings: str = ""
