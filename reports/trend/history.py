"""A folder that keeps the summary of each night, and the nights read back from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports.formats.summary import summary
from reports.record.atomic_file import write_whole
from reports.record.recorded_run import Run
from reports.status import Decision, Standing

NIGHTS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run as its history remembers it. `standings` maps rule ids to a Standing's name."""

    started: str
    outcome: str
    profile: str
    seed: int
    requests: int
    seconds: float
    latency: Mapping[str, float]
    digest: str
    standings: Mapping[str, str]

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for standing in self.standings.values():
            counts[standing] = counts.get(standing, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class History:
    """The nights of one target, the oldest first; `notes` names files that could not be read."""

    nights: tuple[Night, ...] = ()
    notes: list[str] = field(default_factory=list)


def keep(folder: Path, run: Run, decision: Decision) -> Path:
    """Adds a run to the history. A run that is there already is replaced, so drawing twice counts once."""
    started = "".join(each for each in run.header.started if each.isalnum())[:15]
    name = f"{started}-{_identity(run)}.json"
    data = {
        "format": 1,
        "origin": _origin(run),
        "standings": _by_standing(decision),
        "summary": summary(run, decision),
    }
    write_whole(folder / name, json.dumps(data).encode() + b"\n")
    return folder / name


def load(folder: Path, run: Run, most: int = NIGHTS) -> History:
    """The last nights of the target that `run` was made against, up to that run."""
    nights: list[Night] = []
    notes: list[str] = []
    for path in sorted(folder.glob("*.json")):
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
    told = data["summary"]
    standings = {rule_id: standing for standing, rules in data["standings"].items() for rule_id in _texts(rules)}
    return Night(
        started=str(told["started"]),
        outcome=str(told["outcome"]),
        profile=str(told["profile"]),
        seed=int(told["seed"]),
        requests=int(told["requests"]),
        seconds=float(told["seconds"]),
        latency={name: float(value) for name, value in told["latency"].items()},
        digest=str(told["description"].get("digest", "")),
        standings=standings,
    )


def _texts(rules: Iterable[Any]) -> list[str]:
    return [str(rule_id) for rule_id in rules]


def _by_standing(decision: Decision) -> dict[str, list[str]]:
    return {standing: rules for standing in Standing if (rules := decision.rules(standing))}


def _origin(run: Run) -> dict[str, str]:
    """What makes two runs nights of one history; an embedded emulator has another port each time."""
    target = "embedded" if run.header.embedded else run.header.target
    return {"operation": run.header.operation, "target": target}


def _identity(run: Run) -> str:
    header = run.header
    told = f"{header.started} {header.target} {header.seed} {header.profile} {header.command}"
    return hashlib.sha256(told.encode("utf-8", errors="replace")).hexdigest()[:12]
