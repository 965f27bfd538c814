"""The makers of faults of the echo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Fault
from emulator.faults.dsl.making import echoed
from openapi.json_types import Json

FAMILY = "echo"


def echoing(name: str, summary: str, place: str, change: Callable[[Any], Json], *more: str) -> Fault:
    """Return `place` comes back changed."""
    top = place.split(".")[0]
    return Fault(
        name=name,
        family=FAMILY,
        summary=summary,
        expects=(f"body.{top}.echo", f"body.{place}.echo", f"body.{top}.*echo", *more),
        response=echoed(place, change),
    )
