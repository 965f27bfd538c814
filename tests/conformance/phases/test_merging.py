"""Objects beside a parent call: merged or replaced, but by one rule for all of them."""

from __future__ import annotations

import pytest

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.phases.merging import Merging, Overriding, merged
from openapi.json_types import Json
from strategies.case import Case, Side

_BEFORE: Json = {"a": 1, "b": {"c": 2}, "c": {"e": 5}, "g": 7}
_OWN: Json = {"a": 3, "b": {"d": 4}, "c": {"f": 6}}
_OVERRIDING = Overriding(_BEFORE, _OWN)
_FINDING = Finding("state.x.overridden", "state", "", "")


def _exchange() -> Exchange:
    case = Case(side=Side.STATE, label="", body={})
    return Exchange(case=case, number=1, status=201, headers={}, content=b"", seconds=0.0, at=0.0, attempts=())


@pytest.mark.parametrize(
    ("shown", "is_explained"),
    [
        ({"a": 3, "b": {"c": 2, "d": 4}, "c": {"e": 5, "f": 6}, "g": 7}, True),
        ({"a": 3, "b": {"d": 4}, "c": {"e": 5, "f": 6}, "g": 7}, True),
        ({"a": 3, "b": {"c": 2, "d": 4}, "c": {"f": 6}, "g": 7}, True),
        ({"a": 3, "b": {"d": 4}, "c": {"f": 6}}, False),
        ({"a": 3, "b": {"c": 2}, "c": {"f": 6}, "g": 7}, False),
        ({"a": 3, "b": {"c": 0, "d": 4}, "c": {"f": 6}, "g": 7}, False),
        ({"a": 3, "b": {"d": 4}, "e": 5}, False),
        (_BEFORE, False),
    ],
)
def test_what_is_merged_is_explained(shown: Json, is_explained: bool) -> None:
    merging = Merging(may_merge=True)
    assert merging.explains(_FINDING, _exchange(), Overriding(_BEFORE, _OWN, shown), lambda each: each == shown) is is_explained


def test_a_server_that_replaces_one_and_merges_another_follows_no_rule() -> None:
    merging = Merging(may_merge=True)
    merging.explains(_FINDING, _exchange(), _OVERRIDING, lambda _each: True)
    merging.note_replaced(_OVERRIDING, lambda _each: True)
    assert [is_violation for _, _, is_violation in merging.settled()] == [True]


def test_a_server_that_merges_all_is_not_blamed() -> None:
    merging = Merging(may_merge=True)
    merging.explains(_FINDING, _exchange(), _OVERRIDING, lambda _each: True)
    merging.note_replaced(_OVERRIDING, lambda _each: False)  # the two do not go together
    assert [is_violation for _, _, is_violation in merging.settled()] == [False]


def test_nothing_is_explained_where_the_contract_does_not_allow_it() -> None:
    assert not Merging(may_merge=False).explains(_FINDING, _exchange(), _OVERRIDING, lambda _each: True)


def test_a_derived_call_of_a_derived_call_holds_all_generations() -> None:
    merging = Merging(may_merge=True)
    merging.note("one", None, {"x": _BEFORE})
    merging.note("two", "one", {"x": _OWN})
    merging.note("three", "two", {})
    assert merging.wholes["three"] == {"x": merged(_BEFORE, _OWN)}
