"""The golden files by name, with the text that each should hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import unified_diff
from functools import partial
from pathlib import Path

from tests.strategies.golden import draw_texts, field_texts, plan_texts

FOLDER = Path(__file__).parent / "files"
_LINES = 60  # of a difference that are shown
VALUES: dict[str, Callable[[], Iterator[str]]] = {
    "patterns": field_texts.patterns,
    "trees": field_texts.trees,
    "fragments": field_texts.fragments,
    "small values": field_texts.small,
    "fields": field_texts.fields,
}
PLANS: dict[str, Callable[[], Iterator[str]]] = {
    **{f"cases of {name}": partial(plan_texts.cases, name) for name in plan_texts.NAMES},
    "probes": plan_texts.probes,
    **{f"bodies of {name}": partial(plan_texts.bodies, name) for name in plan_texts.NAMES},
}
DRAWS: dict[str, Callable[[], Iterator[str]]] = {
    "draws of fields": draw_texts.fields,
    "draws of values": draw_texts.values_of_fields,
    "draws of schemas": draw_texts.schemas,
    **{f"draws of {name} bodies": partial(draw_texts.bodies, name) for name in ("values", "members")},
    **{f"draws of {name} rules": partial(draw_texts.rules, name) for name in ("members", "branches")},
}
TEXTS = {**VALUES, **PLANS, **DRAWS}


def path_of(name: str) -> Path:
    """Return the path of a golden file."""
    return FOLDER / f"{name.replace(' ', '-')}.txt"


def text_of(name: str) -> str:
    """Return the text that a golden file should hold."""
    return "\n".join(TEXTS[name]()).strip() + "\n"


def difference(name: str) -> str:
    """Return the lines in which a golden file differs from what it should hold; an empty string for none."""
    path = path_of(name)
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    found = text_of(name)
    if written == found:
        return ""
    lines = list(unified_diff(written.splitlines(), found.splitlines(), path.name, "now", lineterm="", n=1))
    rest = [f"... {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    return "\n".join([*lines[:_LINES], *rest, f"If this is intended: python -m tests.strategies.golden '{name}'"])
