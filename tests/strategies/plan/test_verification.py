"""Tests of what a case says of its body is confirmed, of each planned one once."""

from __future__ import annotations

import pytest

from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import Case, Side
from strategies.plan.verification import Verification

SCHEMA = {"type": "object", "properties": {"size": {"type": "integer", "maximum": 3}}}


class Counting(Oracle):
    """Counts how often it is asked."""

    received = 0

    def is_valid(self, value: Json) -> bool:
        self.received += 1
        return super().is_valid(value)

    def violated(self, value: Json) -> dict[str, list[tuple[str | int, ...]]]:
        self.received += 1
        return super().violated(value)


def verification() -> Verification:
    return Verification(Counting(SCHEMA, "body"))


def case(side: Side, size: Json, rule: str = "", phase: str = "planned") -> Case:
    return Case(side=side, label="", rule=rule, body={"size": size}, phase=phase)


@pytest.mark.parametrize(
    ("given", "invalid"),
    [
        (case(Side.ACCEPTS, 3), None),
        (case(Side.ACCEPTS, 4), "the body breaks body.size.maximum"),
        (case(Side.MAY, 4), "the body breaks body.size.maximum"),
        (case(Side.REJECTS, 4, "body.size.maximum"), None),
        (case(Side.REJECTS, 3, "body.size.maximum"), "the body does not break the rule"),
        (case(Side.REJECTS, "x", "body.size.maximum"), "the body does not break the rule"),
        (Case(side=Side.REJECTS, label="", rule="body.type", raw=b"{"), None),
        (Case(side=Side.REJECTS, label="", rule="body.type", body=[]), None),
    ],
)
def test_a_label_is_true_or_reported(given: Case, invalid: str | None) -> None:
    known = verification()
    assert [known.mislabelled(given) for _ in range(2)] == [invalid, invalid]


def test_what_was_verified_is_not_looked_at_again() -> None:
    first, second = verification(), verification()
    for given in (case(Side.ACCEPTS, 3), case(Side.ACCEPTS, 3), case(Side.REJECTS, 4, "body.size.maximum")):
        assert first.mislabelled(given) is None
    second.remember(first.known)
    assert second.mislabelled(case(Side.ACCEPTS, 3)) is None
    assert (first.oracle.received, second.oracle.received) == (2, 0)  # type: ignore[attr-defined]


def test_what_was_verified_says_nothing_of_another_side_or_rule_or_body() -> None:
    known = verification()
    assert known.mislabelled(case(Side.REJECTS, 4, "body.size.maximum")) is None
    assert known.mislabelled(case(Side.ACCEPTS, 4))
    assert known.mislabelled(case(Side.REJECTS, 4, "body.size.type"))
    assert known.mislabelled(case(Side.REJECTS, 3, "body.size.maximum"))


def test_only_what_is_planned_is_remembered() -> None:
    known = verification()
    assert known.mislabelled(case(Side.ACCEPTS, 3, phase="drawn")) is None
    assert not known.known
