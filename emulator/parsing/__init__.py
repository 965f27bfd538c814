"""Parsing request bodies: from bytes to JSON, and from JSON to the canonical form of a body."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from emulator.parsing import protojson, strict
from emulator.parsing.malformed import Malformed
from emulator.parsing.text import json_of
from emulator.value_kinds import Shape
from emulator.variants import Variant
from openapi.json_types import Json

Read: TypeAlias = Callable[[Json], Json]

READERS: dict[str, Callable[[Shape, Variant], Read]] = {
    "protojson": protojson.reader,
    "strict": strict.reader,
}


def reader(shape: Shape, variant: Variant) -> Read:
    """Return the variant's reader of bodies, from JSON to the canonical body; it raises Malformed."""
    return READERS[variant.parsing](shape, variant)


__all__ = ["Malformed", "Read", "json_of", "reader"]
