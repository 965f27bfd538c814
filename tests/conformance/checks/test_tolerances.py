"""Tolerances: each kind of request has its statuses, and each kind of difference its places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from conformance.checks.tolerances import TABLE, compiled, tolerances_of
from openapi import load_contract
from openapi.schema.nodes import Node
from tests.conformance.checks.small import checker
from tests.openapi.synthetic import description, loaded
from tests.strategies.schemas import Object, oracle

DATA = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)


def node(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


@pytest.mark.parametrize("kind", sorted(DATA["statuses"]))
def test_the_statuses_of_a_kind_are_those_of_the_table(kind: str) -> None:
    tolerances, allowed = checker().tolerances, DATA["statuses"][kind]["allowed"]
    assert [status for status in range(100, 600) if tolerances.allows(kind, status)] == sorted(allowed)
    assert tolerances.says(kind) == " or ".join(map(str, sorted(allowed)))


def test_every_tolerance_says_why() -> None:
    entries = [*DATA["statuses"].values(), *DATA["echo"], DATA["size"], DATA["late"], DATA["defaults"]]
    assert all(entry["why"] for entry in entries)
    assert all(DATA["unjudged-if-described"].values())
    for table in ("unjudged", "unanswered"):
        assert all(DATA[table].values())
        assert getattr(checker().tolerances, table) == DATA[table]


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [
        ({"type": "number", "format": "float"}, {"single-precision"}),
        ({"type": "number"}, set()),
        ({"type": "string", "format": "date-time"}, {"instant"}),
        ({"type": "string", "format": "uuid"}, {"letters"}),
        ({"type": "string", "pattern": "^[0-9]+(?:\\.[0-9]{1,9})?s$"}, {"duration"}),
        ({"type": "string", "pattern": "^[0-9]+s$"}, set()),
        ({"type": "string", "pattern": "s$"}, {"duration"}),
        ({"type": "string"}, set()),
    ],
)
def test_a_difference_is_allowed_where_the_table_says(schema: Object, kinds: set[str]) -> None:
    everywhere = {"empty", "unset-member"}
    assert checker().tolerances.kinds_at(node(schema)).keys() - everywhere == kinds


def test_a_conflict_is_not_judged_where_the_description_has_it() -> None:
    document = description({"type": "object", "properties": {"name": {"type": "string"}}})
    assert 409 not in tolerances_of(loaded(document)).unjudged
    document["paths"]["/api/calls"]["post"]["responses"]["409"] = {"description": "There is one of this name."}
    assert tolerances_of(loaded(document)).unjudged.keys() == DATA["unjudged"].keys() | {409}


def test_a_contract_adds_places_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "tolerances.yaml"
    own.write_text(
        "statuses: {bad-body: {allowed: [418]}}\n"
        "echo: [{kind: resolved, places: [field, 'other.*']}]\n"
        "unserved: {statuses: [426]}\n"
        "override: {ways: [merged]}\n"
    )
    contract = checker().catalogue.contract
    usual = tolerances_of(contract)
    found = tolerances_of(replace(contract, data=replace(contract.data, tolerances=own)))
    assert found.statuses["bad-body"] == {418}
    assert found.statuses["bad-key"] == usual.statuses["bad-key"]
    assert found.places_of("resolved") == ("field", "other.*")
    assert "resolved" in found.kinds_at(node({"type": "string"}))
    assert (found.unserved, found.may_merge) == (frozenset({426}), True)
    assert (usual.unserved, usual.may_merge, usual.places_of("resolved")) == (frozenset(), False, ())
    assert found.echo[: len(usual.echo)] == usual.echo


def test_expressions_of_entries_can_be_compiled() -> None:
    for entry in tolerances_of(load_contract()).echo:
        for key in {"members", "keys"} & entry.keys():
            assert compiled(entry, key).pattern == entry[key]
