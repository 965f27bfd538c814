"""Security schemes: which are sent, and which together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from openapi import Contract, load_contract
from openapi.catalogue import catalogue_of
from openapi.contract_data import Credential
from openapi.errors import InvalidDescription
from openapi.security import scheme_of
from tests.openapi.synthetic import description, loaded

CASES = Path(__file__).parents[1] / "conformance" / "cases"


def contract(name: str) -> Contract:
    """A small contract of one kind."""
    return load_contract(str(CASES / f"{name}.yaml"))


def names(contract: Contract) -> list[str]:
    """The schemes that every request carries."""
    return [each.scheme for each in contract.keys]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"type": "http", "scheme": "Bearer"}, "Bearer"),
        ({"type": "http", "scheme": "basic"}, "Basic"),
        ({"type": "openIdConnect"}, "Bearer"),
        ({"type": "oauth2"}, "Bearer"),
        ({"type": "http", "scheme": "digest"}, None),
        ({"type": "mutualTLS", "scheme": "bearer"}, None),
    ],
)
def test_a_scheme_is_sent_in_one_way_or_not_at_all(stated: dict[str, str], expected: str | None) -> None:
    found = scheme_of("name", stated, "here")
    assert (found and found.prefix) == expected


def test_all_schemes_of_a_requirement_go_together() -> None:
    assert names(contract("keys-together")) == ["client", "query", "token"]


def test_the_first_alternative_is_sent_unless_the_contract_has_the_credentials_of_another() -> None:
    found = contract("alternatives")
    assert names(found) == ["client"]
    assert len(found.security) == 3
    assert [note for note in found.notes if "mutualTLS" in note]
    stated = replace(found, data=replace(found.data, credentials={"session": Credential("SESSION")}))
    assert names(stated) == ["session"]


def test_optional_credentials_are_sent_and_not_demanded() -> None:
    found = contract("optional-key")
    assert names(found) == ["client"]
    assert not [rule for rule in catalogue_of(found).rules if rule.startswith("auth.")]


def test_each_further_credential_has_a_variable_of_its_own() -> None:
    found = contract("keys-together")
    assert [found.variable_of(each) for each in found.keys] == ["API_KEY", "API_KEY_QUERY", "API_KEY_TOKEN"]


def test_credentials_with_one_place_never_go_together() -> None:
    found = contract("basic-and-bearer")
    assert names(found) == ["key"]
    assert found.notes == ("credentials of basic and bearer have one place, so no request can carry both",)


@pytest.mark.parametrize("kind", ["header", "cookie"])
@pytest.mark.parametrize("name", ["api key", "é", "", "a:b", "a=b"])
def test_a_name_that_no_header_can_have_is_refused(kind: str, name: str) -> None:
    key = {"type": "apiKey", "in": kind, "name": name}
    document = description({"type": "object"}, security=[{"key": []}], components={"securitySchemes": {"key": key}})
    with pytest.raises(InvalidDescription, match="securitySchemes/key"):
        loaded(document)
