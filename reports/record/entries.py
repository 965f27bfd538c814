"""The record of a run as values: what `run.jsonl` holds, one JSON object a line.

    Header · RuleEntry* · FieldEntry* · RequirementEntry* · (Exchange | Verdict)* · Footer

A record is written as the run goes, so it may end anywhere; a reader takes what is there.
"""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

FORMAT = 2


class Outcome(StrEnum):
    """The verdict on a rule, or on one side of it."""

    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    ERROR = "ERROR"
    SKIP = "SKIP"
    OBSERVED = "OBSERVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """How the run was made. `target` is a URL without credentials; digests are SHA-256 in hex.

    `description` and each of `overlays` have the keys `name` (file or URL) and `digest`, and may have more.
    `key_header` is the header in which the API key is sent.
    """

    type: ClassVar[str] = "header"
    format: int = FORMAT
    suite: str
    started: str
    target: str
    embedded: bool
    operation: str
    title: str
    description: dict[str, str]
    overlays: list[dict[str, str]]
    notes: list[str]
    seed: int
    profile: str
    strict: bool
    versions: dict[str, str]
    command: str
    key_header: str = "X-API-Key"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One rule of the catalogue; `place` is a field such as `selectedTools.*.nameOverride`, or empty."""

    type: ClassVar[str] = "rule"
    id: str
    area: str
    level: str
    basis: str
    requirement: str
    quote: str | None
    source: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEntry:
    """One field of the request (`side="body"`) or answer (`side="answer"`), in document order.

    `place` as in RuleEntry, `*` standing for any element or map key; `rules` are ids.
    """

    type: ClassVar[str] = "field"
    side: str
    place: str
    types: list[str]
    keywords: dict[str, Any]
    rules: list[str]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementEntry:
    """One sentence or constraint of the page: the `rules` that test it, or the `reason` why none does."""

    type: ClassVar[str] = "requirement"
    id: str
    section: str
    sentence: str
    rules: list[str]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as sent, without credentials. `body` is the text of the body, `None` for no body.

    Bytes that are no UTF-8 stand in `body` as Python's `surrogateescape` decodes them.
    `key` tells which API key went along: `own`, `none`, or `invalid` for one made up for the case.
    `query_text` is how the query was spelled in the URL, where it was not in the usual way.
    """

    method: str
    path: str
    query: list[list[str]] = field(default_factory=list)
    query_text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    key: str = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer as it came, secrets redacted. `body` is its text."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A case with its answer. `answer` is None and `error` says why where none came. Times are seconds.

    `number` counts from 1; `aims` are rule ids; `side` is what was tried: accepts, rejects, state, auth,
    query, probe, …; `label` says it in words (`temperature: maximum 1`); `phase` is planned, drawn, reduce,
    state, probe or second.
    """

    type: ClassVar[str] = "exchange"
    number: int
    case: str
    aims: list[str]
    side: str
    label: str
    phase: str
    request: Request
    response: Response | None
    error: str | None = None
    at: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One way in which a rule failed, with the smallest request that shows it.

    `culprits` are JSON Pointers into the request body (or answer body, for `side="shape"`) that matter.
    `cause` is the id of the rule under which failures of one cause are grouped (its own id if it leads).
    `exchange` is the number of the exchange that shows it; `occurrences` counts how often it was seen.
    """

    side: str
    request: Request
    response: Response | None
    expected: str
    actual: str
    offending_fields: list[str]
    cause: str
    exchange: int
    occurrences: int = 1
    intermittent: bool = False

    @property
    def status(self) -> int:
        """The status of the answer, 0 where none came."""
        return 0 if self.response is None else self.response.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the run says of one rule. `sides` maps accepts, rejects, default, echo, shape, … to an Outcome;
    `cases` is the number of exchanges that bear on it, `exchanges` the numbers of some of them (at most 20).
    `observed` is one line of what happened, stable from night to night, for undocumented behaviour."""

    type: ClassVar[str] = "verdict"
    rule: str
    outcome: Outcome
    sides: dict[str, Outcome]
    reason: str | None = None
    failures: list[Failure] = field(default_factory=list)
    observed: str | None = None
    cases: int = 0
    exchanges: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """How the run ended. `outcome` is conforms, fails, unjudged or interrupted; `exit` the exit status."""

    type: ClassVar[str] = "footer"
    finished: str
    outcome: str
    exit: int
    reason: str | None
    requests: int
    seconds: float


Entry: TypeAlias = Header | RuleEntry | FieldEntry | RequirementEntry | Exchange | Verdict | Footer
_TYPES: dict[str, type[Any]] = {
    kind.type: kind for kind in (Header, RuleEntry, FieldEntry, RequirementEntry, Exchange, Verdict, Footer)
}
_NAMES = {kind: {each.name for each in fields(kind)} for kind in (*_TYPES.values(), Request, Response, Failure)}


def to_json(entry: Entry) -> dict[str, Any]:
    """The entry as a JSON object, its kind under `type`."""
    return {"type": entry.type, **asdict(entry)}


def from_json(data: dict[str, Any]) -> Entry | None:
    """The entry that a JSON object stands for; None for a kind of entry that this version does not know.

    Unknown keys are dropped (a newer version's). ValueError where a needed key is missing.
    """
    kind = _TYPES.get(data.get("type", ""))
    if kind is None:
        return None
    values = _known(kind, data)
    if kind is Exchange:
        values |= {"request": _request(values["request"]), "response": _response(values["response"])}
    if kind is Verdict:
        values["outcome"] = Outcome(values["outcome"])
        values["sides"] = {side: Outcome(outcome) for side, outcome in values["sides"].items()}
        values["failures"] = [_failure(failure) for failure in values.get("failures", [])]
    try:
        entry: Entry = kind(**values)
    except TypeError as error:
        needed = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}
        lacking = ", ".join(sorted(needed - values.keys()))
        raise ValueError(f"the keys {lacking} are missing" if lacking else str(error)) from error
    return entry


def _known(kind: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    names = _NAMES[kind]
    return {name: value for name, value in data.items() if name in names}


def _request(data: dict[str, Any]) -> Request:
    return Request(**_known(Request, data))


def _response(data: dict[str, Any] | None) -> Response | None:
    return None if data is None else Response(**_known(Response, data))


def _failure(data: dict[str, Any]) -> Failure:
    values = _known(Failure, data)
    return Failure(**(values | {"request": _request(values["request"]), "response": _response(values["response"])}))
