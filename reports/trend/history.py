"""A folder with the summary of each night, and the nights read back from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports.formats.summary import summary
from reports.record.atomic_file import write_whole
from reports.record.format_1 import renamed
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus
from reports.trend.kept_descriptions import keep_rules

NIGHTS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run in its history. `rule_statuses` maps rule ids to the name of a RuleStatus.

    `origins` are digests of what its rules were derived from, by name; `version` is that of the description. `document` and
    `rules` are digests of what is kept beside the history; empty where a night kept none.
    """

    started: str
    outcome: str
    profile: str
    seed: int
    requests: int
    seconds: float
    latency: Mapping[str, float]
    digest: str
    rule_statuses: Mapping[str, str]
    origins: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    document: str = ""
    rules: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of rules by status."""
        counts: dict[str, int] = {}
        for rule_status in self.rule_statuses.values():
            counts[rule_status] = counts.get(rule_status, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class History:
    """The nights of one target, the oldest first; `notes` names files that could not be read."""

    nights: tuple[Night, ...] = ()
    notes: list[str] = field(default_factory=list)


def keep(folder: Path, run: Run, run_status: RunStatus) -> Path:
    """Add a run to the history and return its file. A run that is there already is replaced."""
    started = "".join(each for each in run.header.started if each.isalnum())[:15]
    name = f"{started}-{_identity(run)}.json"
    data = {
        "format": 2,
        "origin": _origin(run),
        "statuses": _by_status(run_status),
        "summary": summary(run, run_status),
        "rules": keep_rules(folder, run),
    }
    write_whole(folder / name, json.dumps(data).encode() + b"\n")
    return folder / name


def load(folder: Path, run: Run, most: int = NIGHTS) -> History:
    """Return the last nights of the target of `run`, up to that run. OSError where the folder cannot be read."""
    nights: list[Night] = []
    notes: list[str] = []
    for path in sorted(each for each in folder.iterdir() if each.suffix == ".json"):
        try:
            data = json.loads(path.read_bytes())
            if data["origin"] == _origin(run):
                nights.append(_night(data))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            notes.append(f"{path.name} in the history was left out: {error!r}")
    nights.sort(key=lambda night: night.started)
    past = [night for night in nights if night.started <= run.header.started]
    return History(tuple(past[-most:]), notes)


def _night(data: Mapping[str, Any]) -> Night:
    reported = data["summary"]
    rule_statuses = {rule_id: rule_status for rule_status, rules in _statuses(data).items() for rule_id in rules}
    return Night(
        started=str(reported["started"]),
        outcome=str(reported["outcome"]),
        profile=str(reported["profile"]),
        seed=int(reported["seed"]),
        requests=int(reported["requests"]),
        seconds=float(reported["seconds"]),
        latency={name: float(value) for name, value in reported["latency"].items()},
        digest=str(reported["description"].get("digest", "")),
        rule_statuses=rule_statuses,
        origins={
            "description": str(reported["description"].get("digest", "")),
            "overlay": " ".join(str(each.get("digest", "")) for each in reported["overlays"]),
            "suite": str(reported["suite"]),
        },
        version=str(reported["description"].get("version", "")),
        document=str(reported["description"].get("kept", "")),
        rules=str(data.get("rules", "")),
    )


def _statuses(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the rules by status; a night of format 1 has them under another key and some under older ids."""
    if data["format"] == 1:
        return {status: [renamed(str(rule_id)) for rule_id in rules] for status, rules in data["standings"].items()}
    return {status: [str(rule_id) for rule_id in rules] for status, rules in data["statuses"].items()}


def _by_status(run_status: RunStatus) -> dict[str, list[str]]:
    return {rule_status: rules for rule_status in RuleStatus if (rules := run_status.rules(rule_status))}


def _origin(run: Run) -> dict[str, str]:
    """Return the key that makes runs nights of one history; an embedded emulator has another port each time."""
    target = "embedded" if run.header.embedded else run.header.target
    return {"operation": run.header.operation, "target": target}


def _identity(run: Run) -> str:
    header = run.header
    reported = f"{header.started} {header.target} {header.seed} {header.profile} {header.command}"
    return hashlib.sha256(reported.encode("utf-8", errors="replace")).hexdigest()[:12]
