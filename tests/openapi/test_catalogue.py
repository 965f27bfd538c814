"""The catalogue: which rules follow from a contract, what they are called, and where each comes from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from openapi import load_contract
from openapi.catalogue import MUTATORS, Catalogue, catalogue_of, entries
from openapi.json_types import resolve
from openapi.reading.documents import read
from openapi.rules import Area, Basis, Level
from tests.openapi.schemas import schemas
from tests.openapi.synthetic import (
    OUR_OVERLAY,
    OURS,
    ROOT,
    Object,
    catalogued,
    description,
    loaded,
    replaced,
)
from tests.openapi.versions import SEPTEMBER, september


@cache
def catalogue(name: str) -> Catalogue:
    """Return our catalogue or that of a later version."""
    return september() if name else catalogue_of(load_contract())


ALL = pytest.mark.parametrize("name", ["", "september"])


@ALL
def test_every_source_leads_somewhere(name: str) -> None:
    found = catalogue(name)
    files = {each.name: OUR_OVERLAY for each in found.contract.overlays}
    files |= {f"{table}.yaml": ROOT / "openapi" / f"{table}.yaml" for table in ("protocol", "mutators", "probes")}
    files["ultravox/protocol.yaml"] = ROOT / "openapi" / "contracts" / "ultravox" / "protocol.yaml"
    documents: dict[str, Any] = {each: read(str(path)).root for each, path in files.items()}
    documents[found.contract.description.name] = SEPTEMBER if name else DOCUMENT
    for rule in found.rules.values():
        document, _, where = rule.source.partition("#")
        if where.startswith("/"):
            resolve(documents[document], where)
        else:  # our own tables name their entries
            (member,) = set(documents[document]) - {"x", "quotes"}
            assert [each for each in documents[document][member] if each["id"] == where]


@ALL
def test_every_rule_is_a_sentence_with_its_weight(name: str) -> None:
    for rule in catalogue(name).rules.values():
        assert rule.requirement.endswith(".")
        assert rule.level is Level.MAY or re.search(r"\b(MUST|SHOULD)\b", rule.requirement)
        assert len(rule.requirement) < 400
        assert "\n" not in rule.requirement
        assert (rule.area, rule.basis) == (Area(rule.area), Basis(rule.basis))


@ALL
def test_every_area_has_rules(name: str) -> None:
    assert {rule.area for rule in catalogue(name).rules.values()} == set(Area) - {Area.OWN}


def test_other_versions_of_the_description_make_other_rules() -> None:
    april, later = (set(catalogue(name).rules) for name in ("", "september"))
    assert len(later - april) > 100
    assert len(april - later) > 10
    assert {rule.split(".")[1] for rule in april & later if rule.startswith("body.")} > {"temperature", "medium"}


# --- ids come from content

DOCUMENT: Object = yaml.load(OURS.read_text(encoding="utf-8"), yaml.CSafeLoader)
BODY = ("components", "schemas", "ultravox.v1.StartCallRequest", "properties")


@pytest.mark.parametrize("first", [True, False])
def test_another_property_leaves_every_id_as_it_was(first: bool) -> None:
    before = catalogue_of(loaded(DOCUMENT)).rules
    properties = resolve(DOCUMENT, "/" + "/".join(BODY))
    new = {"aaa": {"type": "string", "maxLength": 3}}
    grown = {**new, **properties} if first else {**properties, **new}
    after = catalogue_of(loaded(replaced(DOCUMENT, BODY, grown))).rules
    assert set(after) - set(before) == {"body.aaa.type", "body.aaa.maxLength"}
    assert set(before) - set(after) == set()
    for identity in before:
        one, other = before[identity], after[identity]
        assert (one.requirement, one.area, one.basis) == (other.requirement, other.area, other.basis)


def test_actions_in_another_order_make_the_same_ids(tmp_path: Path) -> None:
    layer = yaml.load(OUR_OVERLAY.read_text(encoding="utf-8"), yaml.CSafeLoader)
    path = tmp_path / "overlay.yaml"
    path.write_text(yaml.safe_dump({**layer, "actions": layer["actions"][::-1]}))
    assert set(catalogue_of(load_contract(None, [str(path)])).rules) == set(catalogue("").rules)


@given(schemas(), st.randoms(use_true_random=False))
def test_the_order_of_keywords_and_properties_makes_no_difference(schema: Any, random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, shuffled(member)) for key, member in value.items()]
            return dict(random.sample(items, len(items)))
        return value

    assert set(catalogued(schema).rules) == set(catalogued(shuffled(schema)).rules)


def test_rules_about_what_a_contract_has_not_are_left_out() -> None:
    rules = catalogued({}).rules
    assert not [each for each in rules if each.startswith(("auth.", "state.read", "state.delete", "state.prior"))]
    document = description({}, components={"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "k"}}})
    assert "auth.missing-key" in catalogue_of(loaded({**document, "security": [{"k": []}]})).rules


def test_rules_are_selected_by_globs_in_their_order() -> None:
    found = catalogue("")
    assert found.select([]) == list(found.rules.values())
    assert [rule.id for rule in found.select(["body.temperature.m*"])] == [
        *("body.temperature.minimum", "body.temperature.maximum"),
    ]
    assert found.select(["nothing.*"]) == []
    both = found.select(["state.*", "body.model.*"])
    assert {rule.id.split(".")[0] for rule in both} == {"state", "body"}
    assert both == [rule for rule in found.rules.values() if rule in both]


def test_every_mutator_is_watched_by_a_rule() -> None:
    names = [each["id"] for each in entries(MUTATORS, "mutators")]
    assert names
    assert {f"observed.{name}" for name in names} <= catalogue("").rules.keys()


def test_our_own_description_is_understood_whole() -> None:
    assert catalogue("").notes == ()


def test_a_rule_is_documented_if_it_exists_and_the_documentation_says_so() -> None:
    ours = catalogue("")
    documented = {rule for rule in ours.rules if ours.is_documented(rule)}
    assert documented == {each.id for each in ours.rules.values() if each.basis is Basis.DOCUMENTED}
    assert set() < documented < ours.rules.keys()
    assert not ours.is_documented("body.no.such.rule")


def test_a_property_is_echoed_whatever_its_name_and_an_item_is_not() -> None:
    names = ["$id", "*", "!", "a", "z", "~"]
    member: Object = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    rules = catalogued(member, member).rules
    assert {f"body.{name}.echo" for name in names if name != "*"} <= rules.keys()
    listed: Object = {"type": "object", "properties": {"list": {"type": "array", "items": member}}}
    rules = catalogued(listed, listed).rules
    assert "body.list.echo" in rules
    assert "body.list.*.echo" not in rules
    assert "body.list.*.a.echo" in rules


def test_a_whole_bound_is_a_whole_number_in_its_sentence() -> None:
    rules = catalogued({"type": "object", "properties": {"size": {"type": "number", "maximum": 1.0, "minimum": 0.5}}}).rules
    assert rules["body.size.maximum"].requirement == "size MUST be at most 1."
    assert rules["body.size.minimum"].requirement == "size MUST be at least 0.5."


def test_a_keyword_of_ours_makes_a_rule_of_a_member_of_any_type() -> None:
    rules = catalogued({"type": "object", "properties": {"wait": {"x-duration": {"maximum": "10s"}}, "any": {}}}).rules
    assert "body.wait.x-duration" in rules
    assert not [rule for rule in rules if rule.startswith("body.any.") and not rule.endswith(".echo")]
