"""Deviations in enums: further members, or members compared too leniently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from emulator.faults.generated.places import Edit
from openapi.json_types import Json


def strings(members: list[Json]) -> list[str]:
    """Return the members that are strings."""
    return [member for member in members if isinstance(member, str)]


def inventions(members: list[Json]) -> Iterator[tuple[str, str, list[Json]]]:
    """Yield a slug, a summary, and members that are accepted beside the stated ones."""
    names = strings(members)
    if not names:
        return
    prefix = prefix_of(names)
    yield "lower", "members in lower case are taken", [name.lower() for name in names if name != name.lower()]
    yield "lower-last", "the last member is taken in lower case", [names[-1].lower()]
    yield (
        "bare",
        "members without their prefix are taken",
        [name.removeprefix(prefix) for name in names if prefix],
    )
    yield (
        "hyphens",
        "hyphens for underscores are taken",
        [name.replace("_", "-") for name in names if "_" in name],
    )
    yield (
        "padded",
        "blanks around a member do not matter",
        [f"{pad}{n}{end}" for n in names for pad, end in _PADS],
    )
    yield "empty", "the empty text is taken", [""]
    for word in ("UNKNOWN", "NONE", "DEFAULT"):
        yield f"also-{word}", f"{prefix}{word} is taken", [f"{prefix}{word}"]


_PADS = ((" ", ""), ("", " "), (" ", " "))


def prefix_of(names: list[str]) -> str:
    """Return the common prefix of all members, up to an underscore."""
    low, high = min(names), max(names)
    size = next((i for i, char in enumerate(low) if i >= len(high) or char != high[i]), len(low))
    return low[: low[:size].rfind("_") + 1]


def as_pattern(members: list[Json], spelled: Callable[[str], str]) -> Edit:
    """Return the edit that compares by a pattern."""
    pattern = f"^(?:{'|'.join(map(spelled, strings(members)))})$"

    def edit(schema: dict[str, Json]) -> dict[str, Json]:
        return {**{key: value for key, value in schema.items() if key != "enum"}, "pattern": pattern}

    return edit


def any_case(name: str) -> str:
    """Return a pattern for a name in any case."""
    return "".join(f"[{char.upper()}{char.lower()}]" if char.isalpha() else re.escape(char) for char in name)


def any_end(name: str) -> str:
    """Return a pattern for a name and any suffix."""
    return f"{re.escape(name)}.*"
