"""One rule in the list, in the matrix and in the drawer of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.body_lines import Line, body_lines
from reports.expected_failures.entries import Accounted
from reports.html.differences import Piece, difference
from reports.html.exchanges import ExchangeRow, row_of
from reports.record.entries import Failure, Outcome, Response, RuleEntry, Verdict
from reports.record.recorded_run import Run
from reports.redaction import shown_headers
from reports.reproduce import Place, Snippets
from reports.status import RuleStatus, RunStatus

# The sides whose offending fields are in the response too: there something else came than was expected.
_RESPONSE_SIDES = frozenset({"shape", "default", "echo", "state"})
_PASSING_ROWS = 5
_FAILING_ROWS = 20
_BANDS = {"body": "Request", "query": "Request", "response": "Response"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureView:
    """One way in which a rule failed."""

    failure: Failure
    number: int
    expected: list[Piece]
    actual: list[Piece]
    request_lines: list[Line] | None
    response_lines: list[Line] | None
    response_headers: Mapping[str, str]
    snippets: Snippets


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One rule with all that the page shows. `band` and `group` are its place in the matrix."""

    index: int
    rule: RuleEntry
    verdict: Verdict
    rule_status: RuleStatus
    sides: Mapping[str, RuleStatus]
    band: str
    group: str
    source_url: str | None
    failures: list[FailureView]
    causes: list[str]
    deviation: Accounted | None
    rows: list[ExchangeRow]

    @property
    def id(self) -> str:
        """Return the id of the rule."""
        return self.rule.id


def rule_views(run: Run, run_status: RunStatus, place: Place) -> dict[str, RuleView]:
    """Return all rules in the order of the catalogue."""
    return {rule_id: _view(run, run_status, place, rule_id, index) for index, rule_id in enumerate(run.rules)}


def _view(run: Run, run_status: RunStatus, place: Place, rule_id: str, index: int) -> RuleView:
    rule, verdict, rule_status = run.rules[rule_id], run.verdicts[rule_id], run_status.rule_statuses[rule_id]
    band, group = _position(rule)
    return RuleView(
        index=index,
        rule=rule,
        verdict=verdict,
        rule_status=rule_status,
        sides=_sides(verdict, rule_status),
        band=band,
        group=group,
        source_url=source_url(run, rule.source),
        failures=[_failure(failure, index, place, rule_id) for index, failure in enumerate(verdict.failures, 1)],
        causes=sorted({failure.cause for failure in verdict.failures} - {rule_id} & set(run.rules)),
        deviation=run_status.account.by_rule.get(rule_id),
        rows=_rows(run, verdict),
    )


def _failure(failure: Failure, index: int, place: Place, rule_id: str) -> FailureView:
    expected, actual = difference(failure.expected, failure.actual)
    body, response = failure.request.body, failure.response
    in_request = failure.offending_fields if failure.side != "shape" else ()
    return FailureView(
        failure=failure,
        number=index,
        expected=expected,
        actual=actual,
        request_lines=None if body is None else body_lines(body, in_request),
        response_lines=_response_lines(failure, response),
        response_headers=shown_headers(response.headers) if response else {},
        snippets=place.snippets(failure.request, rule=rule_id, exchange=failure.exchange),
    )


def _response_lines(failure: Failure, response: Response | None) -> list[Line] | None:
    if response is None:
        return None
    return body_lines(response.body, failure.offending_fields if failure.side in _RESPONSE_SIDES else ())


def _rows(run: Run, verdict: Verdict) -> list[ExchangeRow]:
    most = _PASSING_ROWS if verdict.outcome is Outcome.PASS else _FAILING_ROWS
    shown = [failure.exchange for failure in verdict.failures] + verdict.exchanges
    numbers = [number for number in dict.fromkeys(shown) if number in run.exchanges]
    return [row_of(run.exchanges[number]) for number in numbers[:most]]


def _sides(verdict: Verdict, rule_status: RuleStatus) -> dict[str, RuleStatus]:
    """Return the sides with their statuses; a rule without sides has one, `other`."""
    sides = {side: RuleStatus(outcome) for side, outcome in verdict.sides.items()} or {"other": rule_status}
    if rule_status in {RuleStatus.KNOWN, RuleStatus.EXPIRED}:
        return {side: rule_status if each is RuleStatus.FAIL else each for side, each in sides.items()}
    return sides


def _position(rule: RuleEntry) -> tuple[str, str]:
    kind = rule.id.partition(".")[0]
    band = _BANDS.get(kind, "Behaviour")
    if band == "Behaviour" or not rule.place:
        return band, kind
    return band, rule.place.partition(".")[0]


def source_url(run: Run, source: str) -> str | None:
    """Return the address of a rule's source, its own or a pointer into the description; None without one."""
    if source.startswith(("https://", "http://")):
        return source
    description = run.header.description.get("name", "")
    if source.startswith("#") and description.startswith(("https://", "http://")):
        return description + source
    return None
