"""Nested zeros: where they are recorded, and where they must be shown."""

from __future__ import annotations

import pytest

from conformance.checks.checker import Checker
from conformance.checks.zeros import RULE
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.conformance.checks.small import SHOWN, checker, exchange, failing
from tests.conformance.sessions import checker as our_checker


def observed(shown: Json, sent: Json) -> set[tuple[str, str, str]]:
    """The records of a body and its response."""
    return checker().check(exchange({**SHOWN, **shown}, sent)).observed


@pytest.mark.parametrize(
    ("shown", "sent", "found"),
    [
        ({"inner": {}}, {"inner": {"text": ""}}, {("left out", "inner.text")}),
        ({"inner": {"text": None}}, {"inner": {"text": ""}}, {("left out", "inner.text")}),
        ({"inner": {"text": ""}}, {"inner": {"text": ""}}, {("shown", "inner.text")}),
        ({"inner": {"text": "a"}}, {"inner": {"text": "a"}}, set()),
        ({"rate": 0}, {"rate": 0}, set()),
        ({"tags": {"a": ""}}, {"tags": {"a": ""}}, set()),
        ({"inner": {}}, {"inner": {"size": 0}}, set()),
    ],
)
def test_a_nested_zero_is_recorded_by_its_place(shown: Json, sent: Json, found: set[tuple[str, str]]) -> None:
    assert observed(shown, sent) == {(RULE, *each) for each in found}


def test_a_zero_that_would_read_as_another_default_must_be_shown() -> None:
    sent: Json = {"inner": {"size": 0}}
    assert "body.inner.size.echo" in failing(checker().check(exchange({**SHOWN, "inner": {}}, sent)))
    assert not failing(checker().check(exchange({**SHOWN, "inner": {"size": 0}}, sent)))


def test_reading_must_not_lose_a_zero_that_would_read_as_another_default() -> None:
    differs = checker().equivalence.difference
    assert differs({"inner": {"size": 0}}, {"inner": {}}) is not None
    assert differs({"inner": {"text": ""}}, {"inner": {}}) is None


def exercised(judge: Checker, body: Json) -> set[str]:
    """The rules that the response to a body bears on."""
    return {rule for rule, is_so in judge.exercised_by(Case(side=Side.ACCEPTS, label="", body=body)).items() if is_so}


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ({"kind": "KIND_UNSPECIFIED"}, set()),
        ({"kind": "KIND_TWO"}, {"body.kind.echo"}),
        ({"rate": 0}, {"body.rate.echo"}),
        ({"note": ""}, set()),
        ({"inner": {"text": ""}}, {"body.inner.echo", RULE}),
        ({"inner": {"size": 0}}, {"body.inner.echo", "body.inner.size.echo"}),
    ],
)
def test_a_body_bears_on_the_echo_of_what_responses_are_bound_to_show(body: Json, rules: set[str]) -> None:
    assert exercised(checker(), body) == rules


def test_an_unspecified_member_of_an_enum_says_nothing_of_its_echo() -> None:
    rules = exercised(our_checker(), {"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED", "temperature": 0.5})
    assert "body.temperature.echo" in rules
    assert "body.firstSpeaker.echo" not in rules
