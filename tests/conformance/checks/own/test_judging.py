"""Checks of one's own in a run: which exchanges they see, and what becomes of what they find, or raise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from conformance.checks.observed import Checks
from conformance.checks.own.judging import SIDE, observed_of
from conformance.phases.baseline import settle_baseline
from conformance.session import Session
from openapi.json_types import Json
from openapi.own_checks import Found, Observed, OwnCheck, Problem, check
from reports.record.entries import Outcome, Verdict
from strategies.case import Case, Side
from tests.conformance.checks import small
from tests.conformance.servers import Received, Reply, Response, catalogue, conforming
from tests.conformance.sessions import ending_with

RICH: Json = {"voice": "Mark", "metadata": {"team": "a", "other": "b"}, "temperature": 0.5}
INVALID = Case(
    side=Side.REJECTS, label="", rule="body.temperature.maximum", offending_path=("temperature",), body={"temperature": 2}
)


def owned(function: Callable[[Observed], Found], **options: str) -> OwnCheck:
    return check("acme.mine", "MUST", "It MUST hold.", **options)(function)  # type: ignore[arg-type]


def verdict(function: Callable[[Observed], Found], response: Response | None = None, *cases: Case, **options: str) -> Verdict:
    """The verdict on one check of a run that sends few bodies."""
    sent = cases or (Case(side=Side.ACCEPTS, label="rich", body=RICH), INVALID)

    async def phase(session: Session) -> None:
        await settle_baseline(session)
        await session.run(sent)

    with_own = catalogue().with_own([owned(function, **options)])
    ending = ending_with(response or conforming(), {"own": phase}, catalogue=with_own, shared_checker=None, select=["acme.*"])
    [found] = ending.verdicts
    return found


def test_a_check_that_finds_nothing_passes() -> None:
    assert verdict(lambda exchange: None if exchange.json["callId"] else "no id").outcome is Outcome.PASS


def test_a_finding_is_confirmed_and_shrunk_to_what_it_is_about() -> None:
    found = verdict(lambda exchange: "it is tagged" if exchange.body.get("metadata") else None)
    assert found.outcome is Outcome.FAIL
    [failure] = found.failures
    assert (failure.side, failure.expected, failure.actual) == (SIDE, "It MUST hold.", "it is tagged")
    assert set(json.loads(failure.request.body or "")) == {"metadata"}
    assert len(json.loads(failure.request.body or "")["metadata"]) == 1


def test_the_text_of_a_problem_is_reported() -> None:
    found = verdict(lambda _exchange: [Problem("it is slow", "a quick one", ("voice",))])
    [failure] = found.failures
    assert (failure.expected, failure.actual, failure.offending_fields) == ("a quick one", "it is slow", ["/voice"])


@pytest.mark.parametrize("error", [KeyError, SystemExit, AssertionError])
def test_a_check_that_raises_is_an_error_with_its_line(error: type[BaseException]) -> None:
    def raising(_exchange: Observed) -> Found:
        raise error("it is off")  # the line

    found = verdict(raising)
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    [line] = [number for number, text in enumerate(lines, start=1) if text.endswith("  # the line")]
    assert found.outcome is Outcome.ERROR
    assert f"test_judging.py:{line}: {error.__name__}" in (found.reason or "")
    assert found.failures == []


def test_what_it_found_before_it_raised_is_no_finding() -> None:
    def halfway(_exchange: Observed) -> Iterable[str]:
        yield "a problem"
        raise ValueError("and no more")

    assert verdict(halfway).outcome is Outcome.ERROR


def test_a_condition_that_raises_is_an_error_too() -> None:
    own = check("acme.mine", "MUST", "It MUST hold.", when=lambda exchange: exchange.json["none"])(lambda _exchange: None)
    result = Checks(catalogue().with_own([own])).result(Observed(body={}, status=201, json={}))
    assert result.raised["acme.mine"].startswith("test_judging.py:")


def test_a_check_that_remembers_accuses_nobody() -> None:
    seen: list[Json] = []

    def once(exchange: Observed) -> Found:
        seen.append(exchange.body)
        return "the third one" if len(seen) == 3 else None

    found = verdict(once, None, *(Case(side=Side.ACCEPTS, label=str(n), body={"metadata": {"n": str(n)}}) for n in range(6)))
    assert (found.outcome, "once in 4 exchanges" in (found.reason or "")) == (Outcome.ERROR, True)


def test_without_an_exchange_that_it_is_about_it_is_skipped() -> None:
    assert verdict(lambda _exchange: "never", None, INVALID, about="created").outcome is not Outcome.ERROR
    own = check("acme.mine", "MUST", "It MUST hold.", when=lambda _exchange: False)(lambda _exchange: "never")
    result = Checks(catalogue().with_own([own])).result(Observed(body={}, status=201, json={"callId": "x"}))
    assert not [each for each in result.findings if each.rule == "acme.mine"]
    assert ("acme.mine", SIDE) not in result.held


def statuses(about: str) -> set[int]:
    seen: set[int] = set()
    usual = conforming()

    def crashing(received: Received) -> Reply | None:
        return Reply(500) if b"crash" in received.body else usual(received)

    crash = Case(side=Side.ACCEPTS, label="crash", body={"metadata": {"crash": "1"}})
    verdict(
        lambda exchange: seen.add(exchange.status),
        crashing,
        Case(side=Side.ACCEPTS, label="", body=RICH),
        INVALID,
        crash,
        about=about,
    )
    return seen


@pytest.mark.parametrize(("about", "expected"), [("created", {201}), ("refused", {400}), ("any", {201, 400, 500})])
def test_a_check_sees_the_exchanges_that_it_is_on(about: str, expected: set[int]) -> None:
    assert statuses(about) == expected


def test_an_accepted_invalid_body_is_no_created_object_to_a_check() -> None:
    usual = conforming()

    def accepting(received: Received) -> Reply | None:
        return usual(Received(**{**vars(received), "body": b"{}"}))

    bodies: list[Json] = []
    verdict(lambda exchange: bodies.append(exchange.body), accepting, INVALID)
    assert {"temperature": 2} not in bodies
    assert {} in bodies


def test_a_check_that_changes_what_it_gets_changes_nothing() -> None:
    exchange = small.exchange({"id": small.ID}, {"note": "a"})
    observed = observed_of(exchange)
    observed.body["note"] = "b"
    observed.json["id"] = ""
    assert (exchange.case.body, exchange.json) == ({"note": "a"}, {"id": small.ID})


@pytest.mark.parametrize("name", ["content-type", "Content-Type"])
def test_headers_are_found_in_any_case(name: str) -> None:
    headers = observed_of(small.exchange({})).headers
    assert (headers[name], headers.get(name), name in headers) == ("application/json",) * 2 + (True,)
    assert headers.get("Retry-After") is None
