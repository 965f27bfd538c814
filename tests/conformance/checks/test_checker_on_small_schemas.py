"""Judging an exchange on small schemas: what is accepted, refused, implied, expected, and what says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from conformance.checks.checker import Checker
from conformance.checks.echo import MISSING
from conformance.checks.finding import CheckResult
from conformance.checks.tolerances import tolerances_of
from conformance.http.exchange import Exchange
from openapi.json_types import Json, Path
from openapi.rules import Basis
from strategies.case import Aim, Case, Side
from tests.conformance.checks import small
from tests.conformance.sessions import checker
from tests.openapi.synthetic import catalogued


def exchanged(side: Side, status: int, shown: Json = small.SHOWN, *, error: str | None = None, body: Json = None) -> Exchange:
    """An exchange of the small contract."""
    case = Case(side=side, label="", rule="body.rate.type", body={} if body is None else body)
    return replace(small.exchange(shown), case=case, status=status, error=error)


def held(check_result: CheckResult, rule: str) -> bool:
    return any(each == rule for each, _ in check_result.held)


UNJUDGED = {402, 408, 425, 429, 502, 503, 504}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 301, 400, 404, 422, 500, 501, *sorted(UNJUDGED)])
def test_a_valid_body_is_created_or_something_is_said_of_it(status: int) -> None:
    found = small.checker().check(exchanged(Side.ACCEPTS, status))
    rules = [(each.rule, each.side, each.attribute) for each in found.findings]
    if status in UNJUDGED:
        assert (rules, found.held) == ([], set())
        assert str(status) in str(found.unjudged)
    elif status == 201:
        assert (rules, held(found, "status.created")) == ([], True)
    elif status < 300:
        assert rules == [("status.created", "accepts", False)]
    else:
        assert rules == [("", "accepts", True)], "its cause is to be found"
        assert not found.held


@pytest.mark.parametrize("status", [200, 201, 302, 400, 404, 422, 500, 501, *sorted(UNJUDGED)])
def test_an_invalid_body_is_refused_or_something_is_said_of_it(status: int) -> None:
    found = small.checker().check(exchanged(Side.REJECTS, status))
    rules = [(each.rule, each.side) for each in found.findings]
    if status in UNJUDGED:
        assert (rules, found.held) == ([], set())
    elif status in (400, 422):
        assert (rules, found.held) == ([], {("body.rate.type", "rejects"), ("status.refused", "rejects")})
    elif status < 300:
        assert rules == [("body.rate.type", "rejects")]
    elif status >= 500:
        assert rules == [("robustness.server-error", "rejects")]
    else:
        assert rules == [("status.refused", "rejects")]


@pytest.mark.parametrize(
    ("status", "shown", "is_judged"),
    [
        (201, small.SHOWN, True),
        (201, {"error": "none"}, False),
        (201, [], False),
        (200, small.SHOWN, False),
        (400, {"error": "none"}, False),
    ],
)
def test_what_may_be_refused_is_judged_only_where_it_created_something(status: int, shown: Json, is_judged: bool) -> None:
    found = small.checker().check(exchanged(Side.MAY, status, shown))
    assert found.findings == []
    assert bool(found.held) is is_judged


def test_what_was_held_back_or_got_no_response_says_why() -> None:
    for error in ("held back: it dials", "no connection"):
        exchange = exchanged(Side.ACCEPTS, 0, error=error)
        assert small.checker().unjudged(exchange) == error
        assert small.checker().is_silent(exchange) is (error == "no connection")
        assert small.checker().check(exchange).findings == []


@pytest.mark.parametrize(("size", "unjudged"), [(16_300, False), (16_500, True)])
def test_a_large_body_may_be_refused_for_its_size_and_a_small_one_not(size: int, unjudged: bool) -> None:
    exchange = exchanged(Side.ACCEPTS, 413, body={"note": "x" * size})
    assert small.checker().is_too_large(exchange) is unjudged
    found = small.checker().check(exchange)
    assert bool(found.findings) is not unjudged
    invalid = small.checker().check(exchanged(Side.REJECTS, 413, body={"note": "x" * size}))
    assert bool(invalid.findings) is not unjudged


@pytest.mark.parametrize(
    ("of_request", "of_response", "shown", "rules"),
    [
        (Basis.IMPLIED, Basis.DOCUMENTED, {"rate": "x"}, {"body.rate.type", "response.rate.type"}),
        (Basis.DOCUMENTED, Basis.DOCUMENTED, {"rate": "x"}, {"body.rate.type"}),
        (Basis.IMPLIED, Basis.IMPLIED, {"rate": "x"}, {"body.rate.type"}),
        (Basis.IMPLIED, Basis.DOCUMENTED, {"rate": 0.5}, {"body.rate.type"}),
        (Basis.IMPLIED, Basis.DOCUMENTED, {"rate": "x", "id": MISSING}, {"body.rate.type"}),
    ],
)
def test_what_is_only_implied_of_a_request_is_judged_by_what_the_response_shows(
    of_request: Basis, of_response: Basis, shown: dict[str, Json], rules: set[str]
) -> None:
    usual = small.checker().catalogue
    bases = {"body.rate.type": of_request, "response.rate.type": of_response}
    changed = {name: replace(usual.rules[name], basis=basis) for name, basis in bases.items()}
    own = Checker(replace(usual, rules={**usual.rules, **changed}), small.checker().tolerances)
    response = {name: value for name, value in {**small.SHOWN, **shown}.items() if value is not MISSING}
    found = own.check(exchanged(Side.REJECTS, 201, response)).findings
    assert {each.rule for each in found} == rules
    assert {each.side for each in found} <= {"rejects", "shape"}


def test_an_implied_rule_without_a_twin_in_the_response_is_judged_alone() -> None:
    usual = small.checker().catalogue
    alone = replace(usual.rules["body.rate.type"], id="body.rate.alone", basis=Basis.IMPLIED)
    own = Checker(replace(usual, rules={**usual.rules, alone.id: alone}), small.checker().tolerances)
    exchange = exchanged(Side.REJECTS, 201, {**small.SHOWN, "rate": "x"})
    exchange = replace(exchange, case=replace(exchange.case, rule=alone.id))
    assert [each.rule for each in own.check(exchange).findings] == [alone.id]


@pytest.mark.parametrize("method", ["", "POST", "GET", "DELETE", "PATCH"])
def test_a_method_that_the_contract_has_not_may_be_said_to_be_unknown_and_no_other(method: str) -> None:
    for judging in (checker(), small.checker()):
        contract = judging.catalogue.contract
        served = {contract.method, *(["GET"] if contract.read else []), *(["DELETE"] if contract.delete else [])}
        exchange = exchanged(Side.PROBE, 501)
        exchange = replace(exchange, case=replace(exchange.case, method=method))
        assert judging.is_crash(exchange) is ((method or contract.method) in served)
        assert judging.is_crash(replace(exchange, status=500))
        assert not judging.is_crash(replace(exchange, status=503))
    assert checker().catalogue.contract.read
    assert not small.checker().catalogue.contract.read


@pytest.mark.parametrize("side", [Side.STATE, Side.PROBE, Side.QUERY, Side.AUTH])
def test_a_request_of_another_phase_may_be_refused_and_is_judged_where_it_created_something(
    side: Side,
) -> None:
    for status in (400, 422, 404):
        refused = small.checker().check(exchanged(side, status))
        assert (refused.findings, refused.held, refused.unjudged) == ([], set(), None)
    created = small.checker().check(exchanged(side, 201))
    assert (created.findings, held(created, "status.created")) == ([], True)
    assert [each.rule for each in small.checker().check(exchanged(side, 200)).findings] == ["status.created"]


SPANNING: Json = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": ["A", "B"]},
        "wait": {"type": "string", "pattern": "^[0-9]+s$"},
        "size": {"type": "integer", "maximum": 9},
        "inner": {
            "type": "object",
            "properties": {
                "a": {},
                "b": {"type": "array", "items": {"type": "object", "properties": {"c": {}}, "required": ["c"]}},
            },
            "required": ["a"],
            "maxProperties": 2,
            "dependentRequired": {"a": ["b"]},
        },
        "list": {"type": "array", "uniqueItems": True, "maxItems": 3},
    },
    "required": ["kind"],
    "allOf": [{"x-rule": "not-both", "not": {"required": ["wait", "size"]}}],
}
WHOLE = {"body.kind.required", "body.not-both"}


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ({}, set()),
        ({"kind": "A"}, {"body.kind.type"}),
        ({"wait": "3s", "size": 1}, {"body.wait.type"}),
        ({"list": []}, {"body.list.uniqueItems"}),
        ({"inner": {}}, {f"body.inner.{each}" for each in ("a.required", "maxProperties", "dependentRequired")}),
        (
            {"inner": {"b": [{}]}},
            {f"body.inner.{each}" for each in ("a.required", "maxProperties", "dependentRequired", "b.*.c.required")},
        ),
        (["no object"], set()),
    ],
)
def test_an_accepted_body_verifies_rules_about_members_and_what_it_aims_at_and_no_bound(body: Json, rules: set[str]) -> None:
    catalogue = catalogued(SPANNING)
    judging = Checker(catalogue, tolerances_of(catalogue.contract))
    assert rules | WHOLE <= catalogue.rules.keys()
    sent = Case(side=Side.ACCEPTS, label="", body=body, aims=(Aim("body.size.maximum", ("size",), ""),))
    assert judging.accepted_with(sent) == {*rules, *WHOLE, "body.size.maximum"}
    unaimed = replace(sent, aims=())
    watched = {rule: replace(each, basis=Basis.UNDOCUMENTED) for rule, each in catalogue.rules.items()}
    silent = Checker(replace(catalogue, rules=watched), judging.tolerances)
    assert (judging.accepted_with(unaimed), silent.accepted_with(unaimed)) == ({*rules, *WHOLE}, set())


def test_what_a_derived_call_shows_is_neither_a_default_nor_a_leak() -> None:
    contract = small.checker().catalogue.contract
    assert small.checker().parent_parameter is None
    derived = replace(contract, extensions={**contract.extensions, "x-parent-call": {"parameter": "prior"}})
    judging = Checker(replace(small.checker().catalogue, contract=derived), small.checker().tolerances)
    assert judging.parent_parameter == "prior"
    other = {**small.SHOWN, "rate": 0.25}
    assert violated_by(judging, exchanged(Side.ACCEPTS, 201, other)) == {"body.rate.default"}
    exchange = exchanged(Side.ACCEPTS, 201, other)
    for name, rules in (("prior", set()), ("other", {"body.rate.default"})):
        received = "".join(list(name))  # equal, and not the same object
        queried = replace(exchange, case=replace(exchange.case, query=(("more", "1"), (received, "7"))))
        assert violated_by(judging, queried) == rules


def violated_by(judging: Checker, exchange: Exchange) -> set[str]:
    return {each.rule for each in judging.check(exchange).findings}


@pytest.mark.parametrize("changes", [{}, {"raw": b'{"rate": 1}'}, {"query_text": "a=%31"}])
def test_only_what_the_body_alone_says_shows_a_leak(changes: dict[str, Any]) -> None:
    judging = Checker(small.checker().catalogue, small.checker().tolerances)
    note = "a note that only one call was given"
    judging.check(exchanged(Side.ACCEPTS, 201, {**small.SHOWN, "note": note}, body={"note": note}))
    other = exchanged(Side.ACCEPTS, 201, {**small.SHOWN, "rate": 1, "note": note}, body={"rate": 1})
    other = replace(other, case=replace(other.case, **changes))
    assert violated_by(judging, other) == (set() if changes else {"state.own-values"})


@pytest.mark.parametrize("body", [["rate"], "rate", None, 7])
def test_a_body_that_is_no_object_has_sent_nothing(body: Json) -> None:
    exchange = exchanged(Side.MAY, 201)
    exchange = replace(exchange, case=replace(exchange.case, body=body))
    assert small.checker().check(exchange).findings == []
    other = replace(exchange, content=orjson.dumps({**small.SHOWN, "rate": 0.25}))
    assert violated_by(small.checker(), other) == {"body.rate.default"}


def test_what_is_expected_is_said_with_its_reason() -> None:
    def expected(side: Side, rule: str = "body.rate.type") -> str:
        return small.checker().expected(Case(side=side, label="", rule=rule))

    requirement = small.checker().catalogue.rules["body.rate.type"].requirement
    assert expected(Side.REJECTS) == f"status 400 or 422, since {requirement[0].lower()}{requirement[1:]}"
    assert expected(Side.REJECTS, "body.unknown") == "status 400 or 422"
    assert expected(Side.ACCEPTS).startswith("status 201")
    assert expected(Side.MAY) == expected(Side.STATE) == "any status below 500"


@pytest.mark.parametrize(
    ("side", "status", "expected", "actual", "path"),
    [
        (Side.ACCEPTS, 500, "status 201", "500: ", ()),
        (Side.REJECTS, 500, "status 400 or 422, since", "500: ", ("rate",)),
        (Side.ACCEPTS, 400, "status 201", "400: ", ()),
        (Side.REJECTS, 201, "status 400 or 422, since", "201: the body was accepted", ("rate",)),
        (Side.REJECTS, 404, "status 400 or 422", "status 404", ("rate",)),
        (Side.ACCEPTS, 200, "status 201", "status 200", ()),
    ],
)
def test_a_finding_says_what_was_expected_what_came_and_where(
    side: Side, status: int, expected: str, actual: str, path: Path
) -> None:
    exchange = exchanged(side, status)
    exchange = replace(exchange, case=replace(exchange.case, offending_path=("rate",) if side is Side.REJECTS else None))
    (finding,) = small.checker().check(exchange).findings
    assert finding.expected.startswith(expected)
    assert finding.actual.startswith(actual)
    assert finding.path == path
    assert status not in (400, 500) or small.ID in finding.actual, "the response is shown"


def test_a_refused_rule_that_nobody_documents_may_be_refused_with_any_status() -> None:
    usual = small.checker().catalogue
    implied = replace(usual.rules["body.rate.type"], basis=Basis.IMPLIED)
    own = Checker(replace(usual, rules={**usual.rules, implied.id: implied}), small.checker().tolerances)
    found = own.check(exchanged(Side.REJECTS, 404))
    assert (found.findings, found.held) == ([], set())


def test_a_status_without_content_says_nothing_of_the_body() -> None:
    exchange = replace(exchanged(Side.ACCEPTS, 204), content=b"", headers={})
    found = small.checker().check(exchange)
    assert ([each.rule for each in found.findings], found.held) == (["status.created"], set())
    empty = small.checker().check(replace(exchange, status=201))
    assert {each.rule for each in empty.findings} == {"response.json", "response.content-type"}
    assert held(empty, "status.created")


@pytest.mark.parametrize(
    ("status", "is_refusal"), [(399, False), (400, True), (404, True), (499, True), (429, False), (500, False), (201, False)]
)
def test_a_refusal_is_any_status_of_the_client_that_is_about_the_request(status: int, is_refusal: bool) -> None:
    assert small.checker().is_refusal(exchanged(Side.ACCEPTS, status)) is is_refusal
