"""The checks for exchanges of another client: they accuse what every conforming server would do otherwise, and nothing else."""

from __future__ import annotations

from functools import cache

import pytest

from conformance.checks.observed import Checks
from openapi.json_types import Json
from openapi.own_checks import Observed
from tests.plans import our_catalogue


@cache
def checks() -> Checks:
    return Checks(our_catalogue())


def found(body: Json, status: int, json: Json = None, query: tuple[tuple[str, str], ...] = ()) -> set[tuple[str, str]]:
    exchange = Observed(body=body, status=status, json=json, query=query)
    return {(each.rule, each.side) for each in checks().check(exchange)}


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_violation_conforms(status: int) -> None:
    assert found({"temperature": 1.5}, status) == set()


def test_an_accepted_violation() -> None:
    assert ("body.temperature.maximum", "rejects") in found({"temperature": 1.5}, 201)


def test_a_refused_valid_body_has_no_rule_yet() -> None:
    assert found({"temperature": 1}, 400) == {("", "accepts")}


def test_a_value_that_parsers_coerce_may_be_accepted_or_refused() -> None:
    created = {"callId": "3c90c3cc-0d44-4b50-8888-8dd257360500"}
    assert ("body.temperature.type", "rejects") not in found({"temperature": "0.5"}, 201, created)
    assert found({"temperature": "0.5"}, 400) == set()


def test_a_value_that_may_not_exist_may_be_refused() -> None:
    assert found({"voice": "nobody-knows-this-voice"}, 400) == set()


def test_a_body_with_a_query_may_be_refused() -> None:
    assert found({}, 400, query=(("priorCallId", "nonsense"),)) == set()


def test_a_server_error_is_one_whatever_was_sent() -> None:
    assert ("robustness.server-error", "rejects") in found({"temperature": 1.5}, 500)


def test_another_value_in_the_response_than_was_sent() -> None:
    assert ("body.temperature.echo", "echo") in found({"temperature": 0.5}, 201, {"temperature": 0.25})


def test_no_response_is_no_finding() -> None:
    result = checks().result(Observed(body={}, status=429))
    assert (result.findings, bool(result.unjudged)) == ([], True)


def test_the_offending_member_is_named() -> None:
    (finding,) = checks().check(Observed(body={"temperature": 1.5}, status=500))
    assert finding.path == ("temperature",)


def test_a_value_of_another_type_that_no_parser_coerces_must_be_refused() -> None:
    assert ("body.temperature.type", "rejects") in found({"temperature": {}}, 201)


def test_headers_are_read_whatever_their_case_and_an_empty_response_is_one() -> None:
    headers = {"Content-Type": "application/json"}
    result = checks().result(Observed(body={}, status=201, headers=headers))
    assert ("response.content-type", "shape") in result.held
    assert "response.json" in {each.rule for each in result.findings}
    html = checks().result(Observed(body={}, status=201, json={}, headers={"Content-Type": "text/html"}))
    assert {"response.content-type"} <= {each.rule for each in html.findings}


def test_a_violation_is_one_with_a_query_as_well() -> None:
    assert ("body.temperature.maximum", "rejects") in found(
        {"temperature": 1.5}, 201, query=(("enableGreetingPrompt", "true"),)
    )
