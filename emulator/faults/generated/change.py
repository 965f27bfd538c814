"""A change: one deviation in enforcing a keyword, as an edit of the schema that states it."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.faults.generated.places import Edit
from openapi.json_types import Json

LENIENT = "it takes only what standard parsers take as well, or refuse whatever is stated, which is no violation"


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of the schema that states a keyword. `also` are keywords whose rules name the fault as well.

    `equivalent` is the reason why no request can show the change, None if one can.
    """

    slug: str
    what: str
    edit: Edit
    also: tuple[str, ...] = ()
    equivalent: str | None = None


def without(keyword: str) -> Edit:
    """Return the edit that drops a keyword."""
    return lambda schema: {key: value for key, value in schema.items() if key != keyword}


def having(**keywords: Json) -> Edit:
    """Return the edit that sets keywords."""
    return lambda schema: {**schema, **keywords}


def both(one: Edit, other: Edit) -> Edit:
    """Return two edits as one, applied in order."""
    return lambda schema: other(one(schema))
