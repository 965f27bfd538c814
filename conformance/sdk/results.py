"""The result of a trial as data: findings, each with its smallest case, and the support matrix. Reports are drawn from it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path as FilePath
from typing import Any

from conformance import VERSION
from conformance.sdk.findings import KINDS, Carriage, Deviation, Judged
from conformance.sdk.trial import Trial
from openapi.catalogue import Catalogue
from openapi.json_types import Json

_LONGEST = 300  # characters of a response that is shown whole
# Stands for the id of the call that exists before the trial: results of two trials can be compared.
_PARENT = "00000000-0000-4000-8000-000000000000"
NOT_EXPOSED = "not exposed"
_RETURNED = {"dropped response": "dropped", "mangled response": "mangled", "unread response": "not read"}


@dataclass(frozen=True)
class Finding:
    """All deviations of one kind at one member, with the smallest case that shows them.

    `member` names several members, with commas, if one special response (`edge`) shows in all of them. `at` is a JSON Pointer.
    `call` is the intended call and `request` what arrived instead; `response` is what the server sent.
    """

    kind: str
    level: str
    sentence: str
    member: str
    at: str
    edge: str
    cases: int
    case: str
    label: str
    expected: str
    actual: str
    call: Mapping[str, Json]
    request: Mapping[str, Json] | None
    response: Mapping[str, Json] | None


@dataclass(frozen=True)
class Results:
    """The result of a trial; `members` counts cases by carriage, `responses` says one word for each response member."""

    client: str
    version: str
    suite: str
    description: str
    cases: int
    skipped: int
    members: Mapping[str, Mapping[str, int]]
    responses: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> list[Finding]:
        """Return the findings that fail the client."""
        return [each for each in self.findings if each.level == "MUST"]

    def write(self, path: FilePath) -> None:
        """Write the result as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_results(path: FilePath) -> Results:
    """Return the result in a file. OSError, ValueError, TypeError or KeyError if it holds none."""
    return _loaded(path.read_text(encoding="utf-8"))


def _loaded(text: str) -> Results:
    data: dict[str, Any] = json.loads(text)
    findings = tuple(Finding(**each) for each in data.pop("findings"))
    return Results(**data, findings=findings)


def results_of(trial: Trial, catalogue: Catalogue) -> Results:
    """Return the result of a trial."""
    found = _results_of(trial, catalogue)
    return found if trial.parent is None else _loaded(json.dumps(asdict(found)).replace(trial.parent, _PARENT))


def _results_of(trial: Trial, catalogue: Catalogue) -> Results:
    return Results(
        client=trial.hello.client,
        version=trial.hello.version,
        suite=VERSION,
        description=catalogue.contract.description.digest,
        cases=len(trial.judged),
        skipped=sum(bool(each.skipped) for each in trial.judged),
        members=_members(trial.judged),
        responses=_responses(trial, catalogue),
        findings=tuple(_findings(trial.judged)),
    )


def _members(judged: Iterable[Judged]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in judged:
        if each.carriage is not None:
            counts[each.member][str(each.carriage)] += 1
    return {member: dict(found) for member, found in counts.items()}


def verdict(counts: Mapping[str, int]) -> str:
    """Return one word for a member: its worst fate, unless the client has no way to express it at all."""
    if set(counts) <= {Carriage.UNSUPPORTED}:
        return str(Carriage.UNSUPPORTED)
    order = (Carriage.DROPPED, Carriage.MANGLED, Carriage.REFUSED, Carriage.UNSUPPORTED)
    return str(next((each for each in order if counts.get(each)), Carriage.CARRIED))


def _responses(trial: Trial, catalogue: Catalogue) -> dict[str, str]:
    """Return what the client does with each top-level member of a response."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in trial.judged:
        for deviation in each.deviations:
            if deviation.kind in _RETURNED:
                found[deviation.member.partition(".")[0]].add(_RETURNED[deviation.kind])
    visible = trial.hello.response_members
    words = {}
    for name in catalogue.response.properties:
        hidden = visible is not None and name not in visible
        words[name] = ", ".join(sorted(found[name])) or (NOT_EXPOSED if hidden else "carried")
    return words


@dataclass(frozen=True)
class _Shown:
    """One deviation in one case."""

    judged: Judged
    deviation: Deviation


def _findings(judged: Iterable[Judged]) -> list[Finding]:
    """Return the deviations as findings: by kind and member, and those of special responses by what is special."""
    found: dict[tuple[str, str, str], list[_Shown]] = defaultdict(list)
    for each in judged:
        for deviation in each.deviations:
            subject = "" if each.edge else deviation.member
            found[deviation.kind, each.edge, subject].append(_Shown(each, deviation))
    # A call with many members that is not sent shows nothing new where a single member is not sent either.
    if sum(kind == "not sent" for kind, _, _ in found) > 1:
        found.pop(("not sent", "", ""), None)
    order = list(KINDS)
    groups = sorted(found.items(), key=lambda item: (KINDS[item[0][0]][0], order.index(item[0][0]), item[0][1:]))
    return [_finding(kind, edge, shown) for (kind, edge, _), shown in groups]


def _finding(kind: str, edge: str, found: list[_Shown]) -> Finding:
    smallest = min(found, key=lambda each: _size(each.judged))
    judged, deviation = smallest.judged, smallest.deviation
    level, sentence = KINDS[kind]
    arrived = judged.arrived
    request = None if arrived is None else {"query": dict(arrived.query), "body": arrived.body.decode("utf-8", "replace")}
    return Finding(
        kind=kind,
        level=str(level),
        sentence=sentence,
        member=", ".join(dict.fromkeys(each.deviation.member for each in found)),
        at=deviation.at,
        edge=edge,
        cases=len({each.judged.case for each in found}),
        case=judged.case,
        label=judged.label,
        expected=deviation.expected,
        actual=deviation.actual,
        call={"query": dict(judged.intended.query), "body": dict(judged.intended.body)},
        request=request,
        response=_response(judged),
    )


def _response(judged: Judged) -> dict[str, Json] | None:
    """Return what is special about a scripted response; None for one that the emulator made up."""
    if judged.arrived is None or not judged.case.startswith("response/"):
        return None
    status, body = judged.arrived.status, judged.arrived.response.decode("utf-8", "replace")
    if judged.member:
        member = judged.member.partition(".")[0]
        return {"status": status, "member": {member: judged.arrived.response_json.get(member)}}
    return {"status": status, "body": body if len(body) <= _LONGEST else judged.label}


def _size(judged: Judged) -> tuple[int, str]:
    """Return how much there is to read of a case; equal ones are ordered by the id, so that reports do not change."""
    return len(json.dumps([judged.intended.query, judged.intended.body])), judged.case
