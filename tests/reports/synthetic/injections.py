"""Runs whose every text is an attempt to break out of the page it is shown on."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any, TypeVar

from reports.record.entries import Entry, Exchange, Footer, Header, Outcome, RuleEntry, Verdict
from tests.reports.synthetic.failures import failed
from tests.reports.synthetic.runs import entries

PAYLOAD = (
    "\"'><img src=x onerror=alert(1)></script><script>window.broken=1</script></style><svg onload=alert(2)> ${7*7} {{7*7}}"
)
T = TypeVar("T")
# What the code reads as a number, a moment or a kind; everything else is text of someone else's making.
_KEPT = {"outcome", "side", "format", "key"}


def injected(payload: str) -> list[Entry]:
    """A failing run in which `payload` stands in every text there is, keys of mappings too."""
    kept: list[Entry] = []
    for entry in entries(count=12, checker=failed):
        if isinstance(entry, Exchange | Footer | Header | Verdict | RuleEntry) or len(kept) < 400:
            kept.append(_with(entry, payload))
    return [_repaired(entry, payload) for entry in kept]


def _with(value: T, payload: str) -> T:
    return _filled(value, payload, "")  # type: ignore[no-any-return]


def _filled(value: Any, payload: str, name: str) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            each.name: _filled(getattr(value, each.name), payload, each.name)
            for each in dataclasses.fields(value)
            if each.name not in _KEPT
        }
        return replace(value, **changes)
    if isinstance(value, Outcome) or not isinstance(value, str | list | dict):
        return value
    if isinstance(value, dict):
        return {f"{key}{payload}": _filled(each, payload, name) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, payload, name) for each in value]
    return f"{value}{payload}"


def _repaired(entry: Entry, payload: str) -> Entry:
    """Ids still have to match each other; the payload stands in all of them equal."""
    if isinstance(entry, Footer):
        return replace(entry, outcome="fails", reason=payload)
    return entry
