"""Packs of probes: what the same parsers read shares a body, and each value stands there as it would alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import pytest

from openapi.coercion.parsers import parsers
from openapi.json_types import Json
from openapi.schema.paths import at, with_value
from strategies.case import Side
from strategies.plan.mutators import mutations
from strategies.plan.probe_packs import Mutation, ProbePack, probe_packs, readers_of
from tests.plans import our_plan
from tests.strategies.plan.small import planned

UNREADABLE = {"number-with-leading-zero", "number-not-a-number", "number-infinite"}
ALONE = {"text-lone-surrogate", "number-too-large", "duration-negative", "key-unknown", "nesting-overflow", "free-nul-key"}


@cache
def found() -> tuple[list[Mutation], list[ProbePack]]:
    made = [*mutations(our_plan(), 3), *mutations(planned(), 3)]
    ours = len([*mutations(our_plan(), 3)])
    packs = [*probe_packs(our_plan().oracle, made[:ours]), *probe_packs(planned().oracle, made[ours:])]
    return made, packs


def spelled(text: str) -> Json:
    """A JSON value with numbers as they are spelled."""
    return json.loads(text, parse_int="#{}".format, parse_float="#{}".format)


def placed() -> Iterator[tuple[ProbePack, Mutation, Json]]:
    """Each mutation of each pack, with the value that stands at its place in the pack."""
    for pack in found()[1]:
        body = spelled((pack.case.content or b"").decode())
        for mutation, aim in zip(pack.mutations, pack.case.aims, strict=True):
            yield pack, mutation, at(body, aim.path)


def test_each_value_stands_in_a_pack_as_it_would_alone() -> None:
    assert len([*placed()]) > 40
    for pack, mutation, value in placed():
        assert value == spelled(mutation.text), pack.case.content
        assert mutation.case.rule in pack.case.rules()


def test_a_pack_without_its_probes_is_a_valid_body() -> None:
    made, packs = found()
    for pack in packs:
        body = json.loads(pack.case.content or b"")
        for mutation, aim in zip(pack.mutations, pack.case.aims, strict=True):
            body = with_value(body, aim.path, at(mutation.body, mutation.path))
        oracle = our_plan().oracle if pack.mutations[0] in made[: len([*mutations(our_plan(), 3)])] else planned().oracle
        assert oracle.is_valid(body)
        assert pack.case.side is Side.PROBE


def test_only_what_the_same_parsers_read_shares_a_body() -> None:
    for pack in found()[1]:
        assert len(pack.mutations) > 1
        assert len({each.readers for each in pack.mutations}) == 1
        assert pack.mutations[0].readers


def test_what_depends_on_more_than_the_parser_is_sent_alone() -> None:
    packed = {each.case.rule.removeprefix("observed.") for pack in found()[1] for each in pack.mutations}
    made = {each.case.rule.removeprefix("observed.") for each in found()[0]}
    assert made >= UNREADABLE | ALONE | {"map-overflow"}
    assert not packed & (UNREADABLE | ALONE | {"map-overflow"})
    assert packed >= {"number-as-text", "enum-as-number", "duration-signed", "null-field", "text-as-number"}


def test_no_mutation_is_in_two_packs() -> None:
    names = [each.case.id for pack in found()[1] for each in pack.mutations]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("member", "text", "expected"),
    [
        ("rate", "0.5", {*parsers()}),
        ("rate", '"0.5"', {*parsers()}),
        ("rate", "NaN", set[str]()),
        ("rate", "00.5", set[str]()),
        ("rate", '"word"', set[str]()),
        ("kind", "1", {"protobuf", "protobuf-go"}),
    ],
)
def test_the_readers_of_a_value_are_those_of_the_table(member: str, text: str, expected: set[str]) -> None:
    assert readers_of(planned().oracle.root.properties[member], text) == expected
