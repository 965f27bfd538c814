"""Our description of the endpoint: valid, complete against the vendor's, and in our own words."""

from __future__ import annotations

import json

import pytest
import yaml
from openapi_spec_validator import validate

from tests.openapi.facts import component_facts, descriptions, operation_facts, sentences
from tests.openapi.our_overlay import REFERENCE, ROOT, Object
from tests.openapi.published import by_place, changes, digest, known, main
from tests.openapi.versions import SEPTEMBER


@pytest.fixture(scope="module")
def ours() -> Object:
    path = ROOT / "openapi" / "contracts" / "ultravox" / "description.yaml"
    loaded: Object = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def test_is_valid_openapi(ours: Object) -> None:
    assert ours["openapi"] == "3.1.0"
    validate(ours)


def test_licence_and_operations(ours: Object) -> None:
    assert ours["info"]["license"]["identifier"] == "MIT"
    operations = [(path, method) for path, item in ours["paths"].items() for method in item if method != "parameters"]
    one = "/api/calls/{call_id}"
    assert operations == [("/api/calls", "post"), (one, "get"), (one, "delete")]


def test_states_in_keywords_what_the_vendor_states(ours: Object) -> None:
    """Neither less nor more: what is documented only in sentences belongs in the overlay."""
    theirs, own = known()["components"], by_place(component_facts(ours))
    assert len(theirs) > 200
    assert {place for place in theirs.keys() | own.keys() if theirs.get(place) != own.get(place)} == set()


def test_the_later_version_states_in_keywords_what_the_vendors_states(ours: Object) -> None:
    made = changes(*(by_place(component_facts(each)) for each in (ours, SEPTEMBER)))
    assert len(made) > 50
    assert made == known()["september"]


def test_has_the_vendors_operations(ours: Object) -> None:
    """All that we state beside is that a request may be refused."""
    stated = [fact for fact in operation_facts(ours) if fact[1] != "answer 4XX"]
    assert by_place(stated) == known()["operations"]


def test_has_every_field_of_the_page(ours: Object) -> None:
    described = {name for schema in ours["components"]["schemas"].values() for name in schema.get("properties", ())}
    assert len(known()["page_names"]) > 100
    assert {*known()["page_names"]} - {*map(digest, described)} == set()


def test_has_every_option_of_the_page(ours: Object) -> None:
    members = {member for _, keyword, value in component_facts(ours) if keyword == "enum" for member in json.loads(value)}
    assert len(known()["page_options"]) > 10
    assert {*known()["page_options"]} - {*map(digest, members)} == set()


def test_is_in_our_own_words(ours: Object) -> None:
    theirs = {*known()["sentences"]}
    assert len(theirs) > 300
    own = {sentence for text in descriptions(ours) for sentence in sentences(text)}
    assert [sentence for sentence in own if digest(sentence) in theirs] == []


def test_the_digests_are_those_of_the_published_files() -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the published files are not ours to redistribute; their digests are in published.yaml")
    written: list[str] = []
    main(written.append)
    assert yaml.safe_load(written[0]) == known()
