"""The record of a run as values: `run.jsonl` holds one JSON object a line.

    Header · RuleEntry* · FieldEntry* · RequirementEntry* · (Exchange | Verdict)* · Footer

A run under two descriptions holds the second one's entries inside `Beside`, in the same order.

A record is written during the run, so it may end anywhere; a reader takes what is there.
"""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

from reports.record.key_forms import KEY, Keys

FORMAT = 2


class Outcome(StrEnum):
    """The verdict on a rule, or on one side of it."""

    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    ERROR = "ERROR"
    SKIP = "SKIP"
    OBSERVED = "OBSERVED"


# The usual header of an API key, and a variable that may hold one: for a record that names none.
KEY_HEADER, KEY_VARIABLE = "X-API-Key", "API_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The origin of a run. `target` is a URL without credentials; digests are SHA-256 in hex.

    `options` are those that a resumed run needs again. `correlation` is the header that numbers the requests, with `run`
    before each number; empty for none.

    `description` and each of `overlays` have the keys `name` (file or URL) and `digest`, and may have more: `version` is
    that of the description, `kept` the digest of the document beside a history. `facts` are sentences about the operation.
    `contract` is the name or folder of the contract, empty for an anonymous one. `key_variable` is the environment variable
    that holds the first credential. `keys` maps the places of all credentials to their forms (`reports.record.key_forms`);
    a record without them has one in the header `key_header`.
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
    options: dict[str, Any] = field(default_factory=dict)
    run: str = ""
    correlation: str = ""
    contract: str = ""
    key_header: str = KEY_HEADER
    key_variable: str = KEY_VARIABLE
    keys: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def credentials(self) -> Keys:
        """Return the credentials of every request."""
        return Keys(self.keys or {f"header {self.key_header}": KEY}, self.key_variable)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One rule of the catalogue; `place` is a field such as `items.*.name`, or empty.

    `keyword` and `value` are those of the schema keyword that states it; empty and None where none does.
    """

    type: ClassVar[str] = "rule"
    id: str
    area: str
    level: str
    basis: str
    requirement: str
    quote: str | None
    source: str
    place: str = ""
    keyword: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEntry:
    """One field of the request (`side="body"`) or response (`side="response"`), in document order.

    `place` is as in RuleEntry, `*` being any item or map key; `rules` are ids.
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
    """One sentence or constraint of the documentation: the `rules` that test it, or the `reason` why none does."""

    type: ClassVar[str] = "requirement"
    id: str
    section: str
    sentence: str
    rules: list[str]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as sent, without credentials. `body` is the body as a string, None for no body.

    Bytes that are no UTF-8 are in `body` as Python's `surrogateescape` decodes them.
    `key` says which API key was sent: `own`, `none`, or `invalid` for one made up for the case.
    `query_text` is the query as it was spelled in the URL, where that is not the usual spelling.
    """

    method: str
    path: str
    query: list[list[str]] = field(default_factory=list)
    query_text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    key: str = "own"
    key_forms: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response as received, secrets redacted. `body` is a string."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A case with its response. `response` is None without one, and `error` says why. Times are seconds.

    `number` counts from 1. `aims` are rule ids. `side` is the side that was tried: accepts, rejects, state,
    auth, query, probe. `label` says it in words (`count: maximum 1`). `phase` is planned, drawn, shrink,
    state, probe or schemathesis.
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

    `offending_fields` are JSON Pointers into the request body (or the response body for `side="shape"`).
    `cause` is the id of the rule that leads the failures of one cause (its own id if it leads).
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
        """Return the status code of the response, 0 without one."""
        return 0 if self.response is None else self.response.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on one rule. `sides` maps accepts, rejects, default, echo, shape and others to an Outcome.

    `cases` is the number of exchanges about it, `exchanges` the numbers of some of them (at most 20).
    `observed` is one line about undocumented behaviour, stable from night to night.
    """

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
    """The end of a run. `outcome` is conforms, fails, unjudged or interrupted; `exit` the exit status."""

    type: ClassVar[str] = "footer"
    finished: str
    outcome: str
    exit: int
    reason: str | None
    requests: int
    seconds: float
    created: int = 0
    most_live: int = 0
    left: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An entry of the same run under another description, which judges the same exchanges: all kinds but exchanges.

    A reader that does not know it reads the run under the first description alone.
    """

    type: ClassVar[str] = "beside"
    entry: dict[str, Any]


Entry: TypeAlias = Header | RuleEntry | FieldEntry | RequirementEntry | Exchange | Verdict | Footer | Beside
_TYPES: dict[str, type[Any]] = {
    kind.type: kind for kind in (Header, RuleEntry, FieldEntry, RequirementEntry, Exchange, Verdict, Footer, Beside)
}
_NAMES = {kind: {each.name for each in fields(kind)} for kind in (*_TYPES.values(), Request, Response, Failure)}


def to_json(entry: Entry) -> dict[str, Any]:
    """Return the entry as a JSON object with its kind under `type`."""
    return {"type": entry.type, **asdict(entry)}


def from_json(data: dict[str, Any]) -> Entry | None:
    """Return the entry of a JSON object; None for a kind of entry that this version does not know.

    Unknown keys (of a newer version) are dropped. ValueError where a required key is missing.
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


def beside(entry: Entry) -> Entry:
    """Return an entry as one of the run under another description; exchanges belong to both."""
    return entry if isinstance(entry, Exchange) else Beside(entry=to_json(entry))
