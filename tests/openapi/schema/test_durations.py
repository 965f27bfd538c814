"""Durations are read exactly and bounded by `x-duration` on both sides."""

from __future__ import annotations

from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.extension_keywords import checks_of
from openapi.schema.durations import seconds, written
from openapi.schema.extensions import KEYWORDS

_SCHEMA = {"x-duration": {"minimum": "1s", "maximum": "3600s"}}


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=9))
def test_what_is_written_is_read_as_the_same_number(number: Decimal) -> None:
    assert seconds(written(number)) == number


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ("1s", True),
        ("3600s", True),
        ("3600.000000000s", True),
        ("3600.000000001s", False),
        ("0.999999999s", False),
        ("-5s", False),
        ("no duration", True),
        (7, True),
    ],
)
def test_oracle_and_emulator_agree_on_bounds(value: object, is_valid: bool) -> None:
    assert jsonschema_rs.validator_for(_SCHEMA, keywords=KEYWORDS).is_valid(value) is is_valid
    check = checks_of({"type": "string", **_SCHEMA})
    assert check is not None
    assert (check(value) is None) is is_valid
