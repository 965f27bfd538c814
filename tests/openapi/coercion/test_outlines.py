"""Values have one outline exactly if a parser cannot show them apart."""

from __future__ import annotations

import pytest

from openapi.coercion.outlines import outline
from openapi.json_types import Json


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.s", "37.s"),
        ("٣s", "５s"),
        ("word", "sentence"),
        (" 3s", "  37s"),
        ([1], [2]),
        ({"a": 1}, {"b": []}),
        (7, 99),
        (0.5, 1.5),
    ],
)
def test_like_values_have_one_outline(one: Json, other: Json) -> None:
    assert outline(one) == outline(other)


def test_a_name_of_many_parts_has_the_outline_of_one_with_two() -> None:
    """No parser has been asked about each number of parts, and all look a name up as a whole."""
    assert outline("RED-AND-BLUE-AND-GREEN", names=True) == outline("RED-BLUE", names=True) != outline("RED", names=True)
    assert outline("RED-BLUE", names=True) != outline("RED BLUE", names=True)
    assert outline("RED-BLUE", names=True) != outline("RED-BLUE-", names=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30s", "030s"),
        ("3s", "٣s"),
        ("3s", "3S"),
        ("3s", "3s\n"),
        ("3s", "3_s"),
        ("--5s", "-5s"),
        ("1.123456789s", "1.1234567890s"),
        ("3 s", "3\u00a0s"),
        ("word\0", "word\u200b"),
        ("true", "word"),
        ("", " "),
        ("x", ["x"]),
        ([], [1]),
        ([1], ["x"]),
        (["x"], [["x"]]),
        ({}, {"a": 1}),
        ([], {}),
        (True, 1),
        (1, 1.0),
        (1, 2),
        (2, -2),
        (2**31 - 1, 2**31),
        (1.0, 1.5),
        (None, False),
    ],
)
def test_what_a_parser_may_report_apart_has_outlines_of_its_own(one: Json, other: Json) -> None:
    assert outline(one) != outline(other)


def test_of_a_uuid_only_the_form_counts() -> None:
    assert outline("3c90c3cc-0d44", hexadecimal=True) == outline("ffff-1", hexadecimal=True)
    assert outline("3c90c3cc-0d44", hexadecimal=True) != outline("3c90c3cc0d44", hexadecimal=True)
    assert outline("3g90", hexadecimal=True) != outline("3c90", hexadecimal=True)


def test_of_the_member_of_an_enum_only_what_is_no_name_counts() -> None:
    assert outline("COLOUR_RED", names=True) == outline("x", names=True)
    assert outline("COLOUR_RED", names=True) != outline("COLOUR_RED ", names=True)
    assert outline("COLOUR_RED\0", names=True) != outline("COLOUR_RED", names=True)
