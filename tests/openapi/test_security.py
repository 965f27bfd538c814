"""Security schemes: which are sent, and which together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from openapi import Contract, load_contract
from openapi.catalogue import catalogue_of
from openapi.contract_data import Credential
from openapi.security import scheme_of

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
    loaded = contract("alternatives")
    assert names(loaded) == ["client"]
    assert len(loaded.security) == 3
    assert [note for note in loaded.notes if "mutualTLS" in note]
    stated = replace(loaded, data=replace(loaded.data, credentials={"session": Credential("SESSION")}))
    assert names(stated) == ["session"]


def test_optional_credentials_are_sent_and_not_demanded() -> None:
    loaded = contract("optional-key")
    assert names(loaded) == ["client"]
    assert not [rule for rule in catalogue_of(loaded).rules if rule.startswith("auth.")]


def test_each_further_credential_has_a_variable_of_its_own() -> None:
    loaded = contract("keys-together")
    assert [loaded.variable_of(each) for each in loaded.keys] == ["API_KEY", "API_KEY_QUERY", "API_KEY_TOKEN"]
