"""Packs of probes: what the same parsers read shares a body, and each value stands there as it would alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from openapi.coercion.parsers import parsers
from openapi.json_types import Json
from openapi.schema.paths import at, with_value
from strategies.case import Aim, Case, Side
from strategies.plan.mutators import mutations
from strategies.plan.plan import Plan
from strategies.plan.probe_packs import Mutation, probe_packs, readers_of
from tests.plans import our_plan
from tests.strategies.plan.small import planned

UNREADABLE = {"number-with-leading-zero", "number-not-a-number", "number-infinite"}
ALONE = {"text-lone-surrogate", "number-too-large", "duration-negative", "key-unknown", "nesting-overflow", "free-nul-key"}


PLANS: dict[str, Callable[[], Plan]] = {"ours": our_plan, "small": planned}


@dataclass(frozen=True)
class Placed:
    """A mutation in a pack, and the value that stands at its place there, with numbers as they are spelled."""

    pack: Case
    mutation: Mutation
    aim: Aim
    value: Json


@cache
def made(name: str) -> dict[tuple[str, str], Mutation]:
    """Return the mutations of a plan by rule and label."""
    return {(each.case.rule, each.case.label): each for each in mutations(PLANS[name](), 3)}


@cache
def placed(name: str) -> list[Placed]:
    found = list[Placed]()
    for pack in probe_packs(PLANS[name]().oracle, made(name).values()):
        body = spelled((pack.content or b"").decode())
        found += [Placed(pack, made(name)[aim.rule, aim.label], aim, at(body, aim.path)) for aim in pack.aims]
    return found


def spelled(text: str) -> Json:
    """Return a JSON value with numbers as they are spelled."""
    return json.loads(text, parse_int="#{}".format, parse_float="#{}".format)


def packs(name: str) -> dict[int, list[Placed]]:
    by_pack = defaultdict[int, list[Placed]](list)
    for each in placed(name):
        by_pack[id(each.pack)].append(each)
    return by_pack


@pytest.mark.parametrize("name", PLANS)
def test_each_value_stands_in_a_pack_as_it_would_alone(name: str) -> None:
    assert len(placed(name)) > 10
    assert [each for each in placed(name) if each.value != spelled(each.mutation.text)] == []


@pytest.mark.parametrize("name", PLANS)
def test_a_pack_without_its_probes_is_a_valid_body(name: str) -> None:
    for pack in packs(name).values():
        body = json.loads(pack[0].pack.content or b"")
        for each in pack:
            body = with_value(body, each.aim.path, at(each.mutation.body, each.mutation.path))
        assert PLANS[name]().oracle.is_valid(body)
        assert pack[0].pack.side is Side.PROBE


@pytest.mark.parametrize("name", PLANS)
def test_only_what_the_same_parsers_read_shares_a_body(name: str) -> None:
    for pack in packs(name).values():
        assert len(pack) > 1
        assert len({each.mutation.readers for each in pack}) == 1
        assert pack[0].mutation.readers


def test_what_depends_on_more_than_the_parser_is_sent_alone() -> None:
    packed = {each.aim.rule.removeprefix("observed.") for each in placed("ours")}
    all_made = {rule.removeprefix("observed.") for rule, _ in made("ours")}
    assert all_made >= UNREADABLE | ALONE | {"map-overflow"}
    assert not packed & (UNREADABLE | ALONE | {"map-overflow"})
    assert packed >= {"number-as-text", "enum-as-number", "duration-signed", "null-field", "text-as-number"}


@pytest.mark.parametrize("name", PLANS)
def test_no_mutation_is_in_two_packs(name: str) -> None:
    names = [(each.aim.rule, each.aim.label) for each in placed(name)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", PLANS)
def test_a_rule_and_a_label_name_one_mutation(name: str) -> None:
    assert len(made(name)) == len([*mutations(PLANS[name](), 3)])


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
