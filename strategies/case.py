"""A case: one request, the rules that it is about, and the expected response."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from openapi.json_types import Json, Path
from openapi.schema.cache import serialized
from openapi.schema.paths import at

NO_BODY = object()


class Side(StrEnum):
    """The side from which a rule is tried."""

    ACCEPTS = "accepts"
    REJECTS = "rejects"
    MAY = "may"
    AUTH = "auth"
    QUERY = "query"
    STATE = "state"
    PROBE = "probe"


class Key(StrEnum):
    """The API key of a request."""

    RIGHT = "right"
    NONE = "none"
    OWN = "own"  # whatever the case's own headers or query hold


@dataclass(frozen=True, slots=True)
class Aim:
    """The aim of a body at a path: the value there must be accepted by the rule."""

    rule: str
    path: Path
    label: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request. `body` is a JSON value, or NO_BODY; `raw` bytes take its place where JSON cannot say it.

    `aims` are what is tried of a valid body, with paths; `rule` is the one rule that an invalid request breaks, at `culprit`.
    `path` is relative to the target and `None` for the create operation. `query` says what the query means. `query_text` is its
    spelling in the URL where that is not the usual one. `scheme` names the security scheme that the case itself has in its
    headers or query (`Key.OWN`); empty for the first one. The others go along as usual.
    """

    side: Side
    label: str
    rule: str = ""
    aims: tuple[Aim, ...] = ()
    offending_path: Path | None = None
    body: Json = NO_BODY
    raw: bytes | None = None
    query: tuple[tuple[str, str], ...] = ()
    query_text: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    method: str = ""
    path: str | None = None
    key: Key = Key.RIGHT
    scheme: str = ""
    phase: str = "planned"

    @property
    def id(self) -> str:
        """Return a name for people and for `--select`: rule, side and label."""
        return f"{self.rule or 'body'}/{self.side}/{self.label}"

    @cached_property
    def content(self) -> bytes | None:
        """Return the bytes of the body, None for no body; cached, since they are sent, recorded and measured."""
        if self.raw is not None:
            return self.raw
        return None if self.body is NO_BODY else dumps(self.body)

    def rules(self) -> list[str]:
        """Return the ids of all rules that the case is about."""
        own = [self.rule] if self.rule else []
        return list(dict.fromkeys([*own, *(aim.rule for aim in self.aims)]))

    def with_body(self, body: Json, label: str | None = None) -> Case:
        """Return the same request with another body and the aims that are still in it."""
        aims = tuple(aim for aim in self.aims if at(body, aim.path) == at(self.body, aim.path))
        return replace(self, body=body, raw=None, aims=aims, label=label or self.label, phase="shrink")


def dumps(value: Json) -> bytes:
    """Return the JSON of a value; lone surrogates and non-ASCII stay, escaped only where UTF-8 cannot hold them."""
    reported = serialized(value)
    if reported is not None:
        return reported
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
