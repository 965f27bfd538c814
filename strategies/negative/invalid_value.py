"""A wrong value."""

from __future__ import annotations

from dataclasses import dataclass

from openapi.json_types import Json


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """A wrong value for a place."""

    value: Json
    label: str
