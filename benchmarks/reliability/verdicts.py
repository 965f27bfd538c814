"""The verdicts of a run, from the summary and the record that it leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

JUDGED = frozenset({"PASS", "FAIL"})


@dataclass(frozen=True)
class Verdicts:
    """The verdict of each rule by its id; none where the run left no summary."""

    of: Mapping[str, str] = field(default_factory=dict)

    @property
    def fails(self) -> tuple[str, ...]:
        """Return the ids of the rules that failed."""
        return tuple(rule for rule, verdict in self.of.items() if verdict == "FAIL")

    @property
    def errors(self) -> float | None:
        """Return the share of rules that could not be judged, None where there is no verdict."""
        return sum(each == "ERROR" for each in self.of.values()) / len(self.of) if self.of else None

    @property
    def judged(self) -> int:
        """Return how many rules passed or failed."""
        return sum(each in JUDGED for each in self.of.values())

    def differing(self, quiet: Verdicts) -> tuple[str, ...]:
        """Return the ids of the rules that were judged in both runs, and otherwise in this one."""
        return tuple(
            rule
            for rule, verdict in self.of.items()
            if verdict in JUDGED and quiet.of.get(rule) in JUDGED and verdict != quiet.of[rule]
        )


def verdicts_in(folder: Path) -> Verdicts:
    """Read the verdicts of a run from its folder."""
    summary, record = folder / "summary.json", folder / "run.jsonl"
    if not summary.is_file() or not record.is_file():
        return Verdicts()
    try:
        reported = json.loads(summary.read_text(encoding="utf-8"))
    except ValueError:
        return Verdicts()
    other = {
        **dict.fromkeys(reported["not_judged"]["skipped"], "SKIP"),
        **dict.fromkeys(reported["not_judged"]["errors"], "ERROR"),
        **dict.fromkeys(reported["observations"], "OBSERVED"),
        **dict.fromkeys(reported["failed"], "FAIL"),
    }
    return Verdicts({rule: other.get(rule, "PASS") for rule in _rules(record)})


def _rules(record: Path) -> list[str]:
    found = []
    with record.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith('{"type":"rule"'):
                found.append(str(json.loads(line)["id"]))
            elif line.startswith('{"type":"exchange"'):
                break
    return found
