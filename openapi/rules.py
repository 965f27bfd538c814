"""A rule: one promise of the endpoint, with its identity, level and source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openapi.json_types import Json


class Level(StrEnum):
    """The strength of a requirement (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Basis(StrEnum):
    """The ground of a rule; only a documented one fails a run, an implied one under `--strict`."""

    DOCUMENTED = "documented"
    IMPLIED = "implied"
    UNDOCUMENTED = "undocumented"


class Area(StrEnum):
    """The part of the endpoint's behaviour that a rule belongs to."""

    STATUS = "status"
    DEFAULT = "default"
    ENUM = "enum"
    CONSTRAINT = "constraint"
    CROSS_FIELD = "cross-field"
    ECHO = "echo"
    SHAPE = "shape"
    AUTH = "auth"
    QUERY = "query"
    STATE = "state"
    PROTOCOL = "protocol"
    ROBUSTNESS = "robustness"
    OWN = "own"  # checks of one's own


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise.

    `id` comes from content (`body.count.maximum`) and survives the insertion of other rules.
    `requirement` is one sentence; `quote` is the sentence of the documentation behind it, if there is one;
    `source` points into the description or overlay (`description.yaml#/components/...`). A rule that a keyword of a schema
    states has that `keyword` and its `value`; the value of `type` is a list of all types that are admitted, null among them.
    """

    id: str
    area: Area
    level: Level
    basis: Basis
    requirement: str
    quote: str | None
    source: str
    keyword: str = ""
    value: Json = None
