"""The emulator reads bodies as Python protobuf does: the same ones, and as the same values."""

from __future__ import annotations

import json
import math

import pytest

from emulator.durations import NoDuration, canonical
from emulator.parsing import Malformed, reader
from emulator.value_kinds import shape_of
from emulator.variants import Variant
from openapi.json_types import Json, Schema
from tests.parsers.bodies import mutations, plan_of, planned
from tests.parsers.corpus import candidates
from tests.parsers.python_protobuf import PYTHON_PROTOBUF
from tests.parsers.reading import Read
from tests.parsers.table import kinds, members, schema

_MUTATED, _MORE = 500, 1500
# The emulator has no reader for moments: a request of ours has none.
_KINDS = [kind for kind in kinds() if kind != "moment"]
# One set twice in both spellings, and the like: what no value alone shows.
_DOCUMENTS: list[Json] = [
    {"twoWords": "a", "two_words": "b"},
    {"twoWords": "a", "two_words": None},
    {"twoWords": None, "two_words": "b"},
    {"TwoWords": "a"},
    {"two_Words": "a"},
    {"itemMessage": []},
    {"message": {"text": "a", "unknown": 1}},
    {"choice": {"one": None, "other": "x"}},
    {"choice": {"other": "x"}},
    {"any": {"a": [None, {"b": 1}]}},
    {"struct": {"a": None}},
]


def differences(described: Schema, documents: list[Json]) -> list[str]:
    """Return what the emulator and protobuf read in different ways."""
    read = reader(shape_of(described), Variant())
    found = []
    for document, reading in zip(documents, PYTHON_PROTOBUF.read(described, list(map(json.dumps, documents))), strict=True):
        try:
            ours: Json = read(document)
            same = isinstance(reading, Read) and _same(ours, reading.value)
        except Malformed as error:
            ours, same = error, not isinstance(reading, Read)
        if not same:
            found.append(f"{json.dumps(document)[:200]}: protobuf {reading}, emulator {ours!r}")
    return found


def _same(ours: Json, theirs: Json) -> bool:
    """Return whether two canonical values are the same: protobuf leaves out what is empty and writes floats in short."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = ours.keys() | theirs.keys()
        return all(_same(ours.get(name, _empty(theirs, name)), theirs.get(name, _empty(ours, name))) for name in names)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        # A float of 32 bits has some 7 digits.
        return math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-44)
    return ours == theirs or _duration(ours) == _duration(theirs) != ""


def _empty(other: dict[str, Json], name: str) -> Json:
    return type(other[name])() if other.get(name) in ([], {}) else None


def _duration(value: Json) -> str:
    try:
        return canonical(value) if isinstance(value, str) else ""
    except NoDuration:
        return ""


def _is_document(document: Json) -> bool:
    """Return whether a document is one that the emulator's JSON reader lets through: no surrogates, no NaN."""
    text = json.dumps(document)
    return "\\ud" not in text and "NaN" not in text and "Infinity" not in text and len(text) < 5000


@pytest.mark.parametrize("kind", _KINDS)
def test_every_candidate_of_a_kind_is_read_as_protobuf_reads_it(kind: str) -> None:
    values = list(candidates(kind))
    documents = [{kind: value} for value in values]
    documents += [{f"item_{kind}": [value]} for value in values if f"item_{kind}" in members()]
    documents += [{f"value_{kind}": {"key": value}} for value in values if f"value_{kind}" in members()]
    assert differences(schema(), [each for each in documents if _is_document(each)]) == []


@pytest.mark.parametrize("document", _DOCUMENTS, ids=json.dumps)
def test_names_and_groups_are_read_as_protobuf_reads_them(document: Json) -> None:
    assert differences(schema(), [document]) == []


@pytest.mark.slow
@pytest.mark.parametrize("count", [_MUTATED, pytest.param(_MORE, marks=pytest.mark.thorough)])
def test_bodies_are_read_as_protobuf_reads_them(count: int) -> None:
    described = plan_of().catalogue.contract.request
    changed = [each.body for each in mutations(count, seed=2)]
    bodies = [case.body for case in planned(few=True) if isinstance(case.body, dict)]
    assert differences(described, [each for each in (*bodies, *changed) if _is_document(each) and _has_no_conflict(each)]) == []


def _has_no_conflict(body: Json) -> bool:
    """Return whether no group has two members: protobuf refuses them at once, the emulator when it validates."""
    return not any(rule.endswith((".maxProperties", ".oneOf")) for rule in plan_of().oracle.violated(body))
