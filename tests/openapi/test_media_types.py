"""Media types, compared as media types, and the responses of success that a description may have."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.media_types import is_in, json_choice
from tests.openapi.synthetic import description, loaded


@pytest.mark.parametrize(
    ("actual", "described", "expected"),
    [
        ("application/json; charset=utf-8", "application/json", True),
        ("Application/JSON", "application/json;charset=utf-8", True),
        ("application/problem+json", "application/json", False),
        ("application/problem+json", "application/*+json", True),
        ("text/html", "*/*", True),
        ("", "application/json", False),
    ],
)
def test_a_media_type_is_compared_without_parameters(actual: str, described: str, expected: bool) -> None:
    assert is_in(actual, described) is expected


def test_ranges_stand_for_json() -> None:
    assert [json_choice(each) for each in ("*/*", "application/*", "application/vnd.x+json; v=1", "text/plain")] == [
        "application/json",
        "application/json",
        "application/vnd.x+json",
        None,
    ]


def responses(**stated: Any) -> Any:
    document = description({"type": "object"})
    document["paths"]["/api/calls"]["post"]["responses"] = stated
    return loaded(document)


JSON = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}


@pytest.mark.parametrize(
    ("statuses", "status", "accepted"),
    [
        (["201"], 201, {201}),
        (["200", "202"], 200, {200, 202}),
        (["2XX", "default"], 201, {200, 201, 204}),
        (["default", "404"], 201, {200, 201, 204}),
    ],
)
def test_success_is_what_is_documented(statuses: list[str], status: int, accepted: set[int]) -> None:
    contract = responses(**dict.fromkeys(statuses, JSON))
    assert contract.status == status
    assert {each for each in (200, 201, 202, 204, 302, 404) if contract.is_created(each)} >= accepted
    assert not any(map(contract.is_created, (302, 404)))


def test_a_response_without_content_has_no_rules_and_a_note() -> None:
    contract = responses(**{"201": {"description": ""}})
    assert contract.response_media_type is None
    assert contract.is_described("")
    assert [note.partition(": ")[2] for note in contract.notes] == ["no content is described, so its body has no rules"]
