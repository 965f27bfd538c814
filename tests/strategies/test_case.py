"""A case: its bytes, its rules, and the same request with another body."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from openapi.json_types import Json
from strategies.case import Aim, Case, Key, Side, dumps

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_bytes_are_the_json_of_the_value(value: Json) -> None:
    content = dumps(value)
    assert json.loads(content) == value
    content.decode("utf-8")


def test_lone_surrogates_and_long_integers_are_written() -> None:
    assert dumps("a\ud800b") == b'"a\\ud800b"'
    assert dumps({"n": 2**70}) == b'{"n":%d}' % 2**70
    assert dumps("é") == '"é"'.encode()


def test_raw_bytes_take_the_place_of_a_body_and_no_body_is_none() -> None:
    assert Case(side=Side.PROBE, label="", body={"a": 1}, raw=b"{").content == b"{"
    assert Case(side=Side.AUTH, label="").content is None
    assert Case(side=Side.ACCEPTS, label="", body=None).content == b"null"


def test_a_case_is_about_its_own_rule_and_those_of_its_aims_each_once() -> None:
    aims = tuple(Aim(rule, ("a",), "") for rule in ("one", "two", "one"))
    assert Case(side=Side.ACCEPTS, label="", rule="two", aims=aims).rules() == ["two", "one"]
    assert Case(side=Side.ACCEPTS, label="", aims=aims).rules() == ["one", "two"]
    assert Case(side=Side.ACCEPTS, label="x").id == "body/accepts/x"
    assert Case(side=Side.REJECTS, label="x", rule="r").id == "r/rejects/x"


def test_with_another_body_a_case_keeps_the_aims_that_are_still_in_it() -> None:
    aims = (Aim("r.a", ("a",), "kept"), Aim("r.b", ("b",), "changed"), Aim("r.c", ("c",), "gone"))
    case = Case(side=Side.ACCEPTS, label="whole", aims=aims, body={"a": 1, "b": 2, "c": 3}, raw=b"x", key=Key.NONE)
    less = case.with_body({"a": 1, "b": 4})
    assert [aim.label for aim in less.aims] == ["kept"]
    assert (less.content, less.phase, less.label, less.key) == (b'{"a":1,"b":4}', "shrink", "whole", Key.NONE)
    assert case.with_body({}, "least").label == "least"
