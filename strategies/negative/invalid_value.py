"""An invalid value."""

from __future__ import annotations

from dataclasses import dataclass

from openapi.json_types import Json


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """An invalid value for a place, with a label for people."""

    value: Json
    label: str
