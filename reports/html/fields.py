"""The field map: request and response as trees, each field with its constraints and its values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from reports.html.values import ValuesView, values_view
from reports.html.words import shortened
from reports.record.entries import FieldEntry
from reports.record.exercised_values import Exercised
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus

_RED = {RuleStatus.FAIL, RuleStatus.STALE, RuleStatus.EXPIRED, RuleStatus.ERROR}
_LONGEST_LABEL = 34


@dataclass(frozen=True, slots=True)
class ConstraintChip:
    """A rule at a field, such as `maximum 1`, with its status."""

    label: str
    rule: str
    rule_status: RuleStatus


@dataclass(slots=True)
class FieldNode:
    """A field with the fields below it. `entry` is None for a step that is no field of its own."""

    name: str
    entry: FieldEntry | None = None
    chips: list[ConstraintChip] = field(default_factory=list)
    values: ValuesView | None = None
    children: dict[str, FieldNode] = field(default_factory=dict)

    @property
    def red(self) -> bool:
        """Return whether this field or one below it has a red rule."""
        return any(chip.rule_status in _RED for chip in self.chips) or any(child.red for child in self.children.values())

    @property
    def size(self) -> int:
        """Return the number of fields below this one, itself included."""
        return sum(1 + child.size for child in self.children.values())


def field_map(run: Run, run_status: RunStatus) -> dict[str, FieldNode]:
    """Return the trees of the request body and of the response, by side, in document order."""
    roots: dict[str, FieldNode] = {}
    for entry in run.fields:
        node = roots.setdefault(entry.side, FieldNode("the whole"))
        for step in entry.place.split(".") if entry.place else ():
            node = node.children.setdefault(step, FieldNode("each" if step == "*" else step))
        node.entry = entry
        node.chips = [_chip(entry, rule, run_status.rule_statuses[rule]) for rule in entry.rules if rule in run.rules]
        node.values = values_view(entry, run.exercised.get((entry.side, entry.place), Exercised()))
    for root in roots.values():
        _lift_items(root)
    return roots


def _lift_items(node: FieldNode) -> None:
    """Move the fields of an array's items right below the array where the item is no field of its own."""
    item = node.children.get("*")
    if item is not None and item.entry is None:
        del node.children["*"]
        node.children |= item.children
    for child in node.children.values():
        _lift_items(child)


def _chip(entry: FieldEntry, rule_id: str, rule_status: RuleStatus) -> ConstraintChip:
    keyword = rule_id.removeprefix(f"{entry.side}.{entry.place}." if entry.place else f"{entry.side}.")
    value = entry.keywords.get(keyword)
    label = keyword if value is None or keyword == "enum" else f"{keyword} {_text(value)}"
    if keyword == "enum" and isinstance(value, list):
        label = f"enum of {len(value)}"
    return ConstraintChip(shortened(label, _LONGEST_LABEL), rule_id, rule_status)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
