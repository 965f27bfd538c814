"""Read records of format 1, which had other names for a response and for some rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TABLE = Path(__file__).with_name("renamed_rules.yaml")
_HEADER = Path(__file__).with_name("format_1_header.yaml")
_PHASES = {"reduce": "shrink", "second": "schemathesis"}


@cache
def renamed_rules() -> Mapping[str, str]:
    """Return the pairs of old and new rule id, or of the beginnings of such ids, from `renamed_rules.yaml`."""
    table: dict[str, str] = yaml.load(_TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return table


def renamed(rule: str) -> str:
    """Return today's id of a rule; an id that was never renamed comes back as it is."""
    for old, new in renamed_rules().items():
        if rule == old or (old[-1] in ".-" and rule.startswith(old)):
            return new + rule.removeprefix(old)
    return rule


def upgraded(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of format 1 as a line of today's format. KeyError or TypeError where the line is damaged."""
    line = dict(data)
    change = _UPGRADES.get(str(line.get("type")))
    if change is not None:
        change(line)
    return line


def _upgrade_header(line: dict[str, Any]) -> None:
    line.update(yaml.load(_HEADER.read_text(encoding="utf-8"), yaml.CSafeLoader))


def _upgrade_rule(line: dict[str, Any]) -> None:
    line["id"] = renamed(line["id"])


def _upgrade_field(line: dict[str, Any]) -> None:
    line["side"] = "response" if line["side"] == "answer" else line["side"]
    line["rules"] = _all_renamed(line["rules"])


def _upgrade_requirement(line: dict[str, Any]) -> None:
    line["rules"] = _all_renamed(line["rules"])


def _upgrade_exchange(line: dict[str, Any]) -> None:
    line["response"] = line.pop("answer")
    line["aims"] = _all_renamed(line["aims"])
    line["phase"] = _PHASES.get(line["phase"], line["phase"])


def _upgrade_verdict(line: dict[str, Any]) -> None:
    line["rule"] = renamed(line["rule"])
    line["failures"] = [_failure(each) for each in line.get("failures", ())]


def _failure(data: Mapping[str, Any]) -> dict[str, Any]:
    failure = dict(data)
    failure["response"] = failure.pop("answer")
    failure["offending_fields"] = failure.pop("culprits")
    failure["cause"] = renamed(failure["cause"])
    return failure


def _all_renamed(rules: Iterable[str]) -> list[str]:
    return [renamed(rule) for rule in rules]


_UPGRADES = {
    "header": _upgrade_header,
    "rule": _upgrade_rule,
    "field": _upgrade_field,
    "requirement": _upgrade_requirement,
    "exchange": _upgrade_exchange,
    "verdict": _upgrade_verdict,
}
