"""Durations whose pattern is narrower than what protobuf reads: the same values are judged as protobuf leaves to be refused."""

from __future__ import annotations

import re

import pytest
from google.protobuf.duration_pb2 import Duration

from openapi.coercion.parsers import is_lenient
from openapi.schema.durations import is_narrow
from openapi.schema.nodes import tree
from strategies.values.strings import missing_pattern
from strategies.values.valid import accepted
from tests.parsers.corpus import candidates

PATTERNS = (
    r"^(?:0|[1-9][0-9]{0,11})s$",
    r"^[0-9]+(?:\.[0-9]+)?s$",
    r"^[0-9]{1,5}(?:\.[0-9]{1,3})?s$",
    r"^\d+s$",
    r"^-?\d+(?:\.\d{1,2})?s$",
)


def read_as(text: str) -> str | None:
    """Return the duration as Python protobuf writes it again; None if it does not read it."""
    duration = Duration()
    try:
        duration.FromJsonString(text)
    except ValueError:
        return None
    return duration.ToJsonString()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_judged_string_is_read_as_one_that_fits(pattern: str) -> None:
    node = tree({"type": "string", "pattern": pattern})
    texts = [*missing_pattern(pattern), *(each for each in candidates("duration") if isinstance(each, str))]
    invalid = [each for each in texts if re.search(pattern, each, re.ASCII) is None or each.endswith("\n")]
    judged = [each for each in invalid if not is_lenient(node, each)]
    assert len(judged) > 10
    assert [each for each in judged if (read := read_as(each)) is not None and re.search(pattern, read, re.ASCII)] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_string_that_must_be_accepted_is_read(pattern: str) -> None:
    found = [each for each in accepted(tree({"type": "string", "pattern": pattern})) if each.must]
    assert len(found) > 3
    assert [each.value for each in found if read_as(each.value) is None] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_pattern_is_taken_for_one_of_durations(pattern: str) -> None:
    assert is_narrow(pattern)


@pytest.mark.parametrize(
    "pattern", [r"^\w+s$", r"^[0-9]+m?s$", "^[a-z]+$", r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$", r"^P.*S$"]
)
def test_others_are_not(pattern: str) -> None:
    assert not is_narrow(pattern)
