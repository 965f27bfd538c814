"""The run tag is in what a run creates, changes nothing else, and is never judged."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.run_tag import RunTag
from openapi.catalogue import catalogue_of
from openapi.contract_data import TagPlace
from openapi.json_types import Json
from strategies.case import Case, Side, dumps
from tests.conformance.servers import catalogue

FOUND = RunTag.of(catalogue(), "4f3a9c01")
assert FOUND is not None
TAG = FOUND
PLACED = TagPlace(TAG.member, TAG.key)
PLACE = {TAG.member: {TAG.key: TAG.value}}
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(st.text(max_size=12).filter(lambda name: name != TAG.member), JSON, max_size=4)
LABELS = st.dictionaries(st.text(max_size=12).filter(lambda name: name != TAG.key), st.text(max_size=9), min_size=1, max_size=3)


def sent(case: Case) -> Json:
    """Return the body that is sent with the tag, None where there is none."""
    content = TAG.content(case, catalogue().contract)
    return None if content is None else json.loads(content)


def case(body: Json, **more: Any) -> Case:
    """Return a case that creates a call."""
    return Case(**{"side": Side.ACCEPTS, "label": "x", "body": body, **more})


@given(BODIES, LABELS)
def test_a_body_gains_the_tag_and_nothing_else(body: dict[str, Json], labels: dict[str, str]) -> None:
    assert sent(case(body)) == {**body, **PLACE}
    assert sent(case({**body, TAG.member: labels})) == {**body, TAG.member: {**labels, TAG.key: TAG.value}}
    assert TAG.without(sent(case({**body, TAG.member: labels}))) == {**body, TAG.member: labels}
    spelled = json.dumps(body, indent=3).encode() + b"\n"
    content = TAG.content(case(body, raw=spelled, side=Side.PROBE), catalogue().contract)
    assert content is not None
    assert json.loads(content) == {**body, **PLACE}
    assert content.startswith(spelled.rstrip()[:-1])


@given(JSON)
def test_a_response_without_the_tag_is_left_as_it_is(value: Json) -> None:
    assert TAG.without(value) is value
    assert not TAG.is_on(value)


@pytest.mark.parametrize(
    "untagged",
    [
        case({}, rule=f"body.{TAG.member}.type"),
        case({TAG.member: {}}),
        case({TAG.member: {"a": 1}}),
        case({TAG.member: None}),
        case([]),
        case(None),
        case({}, raw=dumps({})),
        case({}, raw=b"{", side=Side.PROBE),
        case({}, raw=b"[" * 9_000, side=Side.PROBE),
        case({}, query=((str(catalogue().contract.data.created.parent), "x"),)),
        case({}, path="/elsewhere"),
        case({}, method="DELETE"),
    ],
)
def test_the_tag_is_off_where_it_could_change_what_is_tried(untagged: Case) -> None:
    assert TAG.content(untagged, catalogue().contract) is None


@pytest.mark.parametrize(
    ("place", "bounds"),
    [(None, {}), (TagPlace("nowhere", "run"), {}), (TagPlace("temperature", "run"), {}), (PLACED, {"maxProperties": 9})],
)
def test_there_is_no_tag_without_a_place_for_it(place: TagPlace | None, bounds: dict[str, int]) -> None:
    contract = catalogue().contract
    data = replace(contract.data, created=replace(contract.data.created, tag=place))
    schema = contract.request
    assert RunTag.of(catalogue_of(replace(contract, data=data, request={**schema, **bounds})), "x") is None


def test_of_bodies_whose_member_is_empty_the_first_alone_has_no_tag() -> None:
    """It shows what a server makes of an empty one; others would be found again by nothing."""
    tag, contract = replace(TAG), catalogue().contract
    bodies: list[Json] = [{TAG.member: {}, "systemPrompt": text} for text in "abab"]
    found = [tag.content(case(body), contract) is None for body in bodies]
    assert found == [True, False, True, False]
    assert tag.content(case({TAG.member: {}}), contract) == dumps(PLACE)
