"""A session: bodies of phases are completed with the seed where they are invalid without it."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
import pytest

from conformance.http.client import Client
from conformance.http.target import Target
from conformance.profiles import PROFILES
from conformance.results.exchange_log import unrecorded
from conformance.session import Session
from tests.openapi.synthetic import catalogued

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "size"],
    "properties": {"name": {"type": "string"}, "size": {"type": "integer"}, "tags": {"type": "array"}},
    "additionalProperties": False,
}


@cache
def session() -> Session:
    """A session whose seed has what a body needs."""
    catalogue = catalogued(SCHEMA)
    client = Client(Target(url="http://conformance.test", key="key"), catalogue.contract)
    made = Session(catalogue=catalogue, client=client, profile=PROFILES["smoke"], seed=0, write=unrecorded)
    made.seed_body = {"name": "seed", "size": 3}
    return made


@pytest.mark.parametrize("body", [{}, {"tags": []}, {"size": 7}, {"name": "own", "tags": ["a"]}, {"name": "a", "size": 1}])
def test_a_body_gets_what_it_lacks_and_keeps_what_it_has(body: dict[str, Any]) -> None:
    completed = session().completed(body)
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(completed)
    assert body.items() <= completed.items()
    assert completed.items() <= {**session().seed_body, **body}.items()


@pytest.mark.parametrize("body", [[], "word", None, {"unknown": 1}, {"size": "x"}])
def test_what_the_seed_makes_not_valid_stays_as_it_is(body: Any) -> None:
    assert session().completed(body) == body
