"""The folder of a contract: what `contract.yaml` states, and one line for any problem with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi import Contract, ContractError, load_contract
from openapi.catalogue import catalogue_of
from openapi.contract_data import ANONYMOUS, OperationName, ParameterValue
from openapi.errors import InvalidContract
from openapi.reading.contract_folder import load_data
from openapi.reading.loader import inputs_of
from openapi.reading.operations import offered
from tests.openapi.synthetic import DOCUMENT, description, written

STATED: dict[str, Any] = {"title": "Things", "operation": "POST /api/calls", "description": "description.json"}


def folder_with(tmp_path: Path, stated: Any, **files: Any) -> str:
    """Return the path of a folder with a `contract.yaml`, a description and more files."""
    tmp_path.mkdir(exist_ok=True)
    written(tmp_path, description({"properties": {"a": {"type": "string"}}}), "description.json")
    for name, content in files.items():
        written(tmp_path, content, f"{name}.yaml")
    written(tmp_path, stated, "contract.yaml")
    return str(tmp_path)


def test_the_data_of_ultravox() -> None:
    data = load_data("ultravox")
    assert str(data.operation) == "POST /api/calls"
    assert data.variable_of("apiKeyAuth") == "ULTRAVOX_API_KEY"
    assert (data.created.noun, data.created.identifier, data.created.parent) == ("call", "/callId", "priorCallId")
    assert data.created.unique == {"/joinUrl": "state.unique-join-urls"}


def test_what_the_data_states_is_in_the_description() -> None:
    contract = load_contract()
    created, shown = contract.data.created, catalogue_of(contract).response.properties
    pointers = [*created.server_made, *created.unique, str(created.identifier)]
    assert {each.removeprefix("/") for each in pointers} <= shown.keys()
    assert created.parent in {each.name for each in contract.parameters}
    assert set(created.unique.values()) <= catalogue_of(contract).rules.keys()
    assert contract.data.credentials.keys() == {each.scheme for each in contract.keys}


def test_sentences_use_the_noun_of_the_contract(tmp_path: Path) -> None:
    ours = catalogue_of(load_contract()).rules["state.unique-ids"].requirement
    theirs = catalogue_of(load_contract(contract=folder_with(tmp_path, {**STATED, "object": {"noun": "thing"}})))
    assert ours == "Every call MUST have an id of its own."
    assert theirs.rules["state.unique-ids"].requirement == "Every thing MUST have an id of its own."
    assert not [rule for rule in theirs.rules.values() if "{object}" in rule.requirement or "call" in rule.requirement.split()]


def test_a_folder_brings_its_own_rules_and_quotes(tmp_path: Path) -> None:
    rule = {"id": "state.tidy", "area": "state", "requirement": "Every {object} MUST be tidy."}
    protocol = {"rules": [rule], "quotes": {"status.created": "Returns 201."}}
    stated = {**STATED, "protocol": "protocol.yaml", "object": {"noun": "thing"}}
    rules = catalogue_of(load_contract(contract=folder_with(tmp_path, stated, protocol=protocol))).rules
    assert rules["state.tidy"].requirement == "Every thing MUST be tidy."
    assert rules["state.tidy"].source == f"{tmp_path.name}/protocol.yaml#state.tidy"
    assert rules["status.created"].quote == "Returns 201."


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"title": ""}, "#/title", "shorter than 1"),
        ({"operation": "calls"}, "#/operation", "does not match"),
        ({"operation": None}, "#/operation", "not of type"),
        ({"overlay": []}, "#", "'overlay' was unexpected"),
        ({"tolerances": "none.yaml"}, "#/tolerances", "there is no"),
        ({"description": "none.yaml"}, "#", "there is no"),
        ({"credentials": {"key": "secret"}}, "#/credentials/key", "not of type"),
        ({"object": {"identifier": "id"}}, "#/object/identifier", "does not match"),
        ({"reads": {"format": "xml", "confidence": "certain", "reason": "x"}}, "#/reads/format", "not one of"),
    ],
)
def test_an_invalid_contract_gets_one_line_with_file_and_place(
    change: dict[str, Any], place: str, problem: str, tmp_path: Path
) -> None:
    name = folder_with(tmp_path, {**STATED, **change})
    with pytest.raises(InvalidContract) as caught:
        load_contract(contract=name)
    assert str(caught.value).startswith(f"{name}/contract.yaml: {place}")
    assert problem in caught.value.problem
    assert "\n" not in str(caught.value)


def test_neither_a_folder_nor_a_name(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"^nowhere: it is neither a folder nor one of the contracts .*ultravox"):
        load_contract(contract="nowhere")
    with pytest.raises(ContractError, match=r"contract\.yaml: No such file"):
        load_contract(contract=str(tmp_path))


# --- anonymous contracts, and contracts with another description


def path_with(parameters: list[Any]) -> dict[str, Any]:
    """Return a document whose only operation is on a path with a variable and has these parameters."""
    document = yaml.safe_load(yaml.safe_dump(description({"properties": {"a": {"type": "string"}}})))
    item = document["paths"].pop("/api/calls")
    document["paths"]["/shops/{shop}/things"] = {**item, "parameters": parameters}
    return dict(document)


def test_a_document_alone_is_an_anonymous_contract(tmp_path: Path) -> None:
    contract = load_contract(written(tmp_path, DOCUMENT))
    assert contract.data == ANONYMOUS
    assert not contract.overlays
    rules = catalogue_of(contract).rules
    assert "state.unique-join-urls" not in rules
    assert "body.temperature.maximum" not in rules
    assert rules["auth.missing-key"].quote is None


def test_a_contract_may_have_another_description(tmp_path: Path) -> None:
    contract = load_contract(written(tmp_path, DOCUMENT), contract="ultravox")
    assert catalogue_of(contract).rules.keys() == catalogue_of(load_contract()).rules.keys()
    assert all("nothing matches" in note for note in contract.notes)


def test_several_operations_want_a_choice(tmp_path: Path) -> None:
    document = {**DOCUMENT, "paths": {**DOCUMENT["paths"], "/things": {"post": DOCUMENT["paths"]["/api/calls"]["post"]}}}
    name = written(tmp_path, document)
    with pytest.raises(ContractError, match=r"2 operations create something: POST /api/calls; POST /things; choose one"):
        load_contract(name)
    assert load_contract(name, operation=OperationName("POST", "/things")).path == "/things"


def load_filled(tmp_path: Path, *parameters: Any, **values: ParameterValue) -> Contract:
    return load_contract(written(tmp_path, path_with(list(parameters))), parameters=values)


def test_parameters_are_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "a/b")
    version = {"name": "X-Version", "in": "header", "required": True, "schema": {"enum": ["7"]}}
    optional = {"name": "X-Other", "in": "header", "schema": {"type": "string"}}
    dry = {"name": "dry", "in": "query", "schema": {"type": "boolean"}}
    values = {"shop": ParameterValue(variable="SHOP"), "dry": ParameterValue("true")}
    contract = load_filled(tmp_path, version, optional, dry, **values)
    assert (contract.path, contract.template) == ("/shops/a%2Fb/things", "/shops/{shop}/things")
    assert contract.headers == (("X-Version", "7"),)
    assert contract.query == (("dry", "true"),)


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"example": 0, "schema": {"type": "integer", "minimum": 1, "example": 7}}, "7"),
        ({"examples": {"a": {"value": "x"}, "b": {"value": 3}}, "schema": {"type": "integer"}}, "3"),
        ({"schema": {"$ref": "#/components/schemas/Level"}}, "5"),
        ({"schema": {"allOf": [{"$ref": "#/components/schemas/Level"}], "default": 4}}, "5"),
        ({"schema": {"type": "boolean", "default": False}}, "false"),
        ({"schema": {"type": "array", "items": {"type": "integer"}}, "example": [1, 2]}, "1,2"),
        ({"schema": {"type": "array"}, "example": ["a", "b"], "style": "pipeDelimited"}, "a|b"),
    ],
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_value_that_the_description_mentions_is_sent_if_it_is_valid(
    described: Any, expected: str, version: str, tmp_path: Path
) -> None:
    document = path_with([{"name": "X-Level", "in": "header", "required": True, **described}])
    components = {"schemas": {"Level": {"type": "integer", "example": 5}}}
    file = written(tmp_path, {**document, "openapi": version, "components": components})
    assert load_contract(file, parameters={"shop": ParameterValue("1")}).headers == (("X-Level", expected),)


def test_the_items_of_an_array_repeat_the_name_in_a_query_unless_it_says_otherwise(tmp_path: Path) -> None:
    tags = {"name": "tags", "in": "query", "required": True, "schema": {"type": "array"}, "example": ["a", "b"]}
    shop = ParameterValue("1")
    assert load_filled(tmp_path, tags, shop=shop).query == (("tags", "a"), ("tags", "b"))
    assert load_filled(tmp_path, {**tags, "explode": False}, shop=shop).query == (("tags", "a,b"),)


@pytest.mark.parametrize("example", [9, {"a": 1}, [], "", None])
def test_a_mentioned_value_that_is_invalid_or_cannot_be_written_is_not_sent(example: Any, tmp_path: Path) -> None:
    limit = {"name": "limit", "in": "query", "required": True, "example": example, "schema": {"maximum": 5}}
    with pytest.raises(ContractError, match="the query parameter 'limit' needs a value"):
        load_filled(tmp_path, limit, shop=ParameterValue("1"))


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "the path parameter 'shop' needs a value: --parameter shop=VALUE"),
        ({"shop": ParameterValue(variable="UNSET_VARIABLE")}, "is read from UNSET_VARIABLE: set it"),
        ({"shop": ParameterValue("1"), "shelf": ParameterValue("2")}, "has no parameter 'shelf'; its parameters: none"),
    ],
)
def test_a_parameter_without_a_value(values: dict[str, ParameterValue], problem: str, tmp_path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        load_filled(tmp_path, **values)
    assert problem in str(caught.value)


def test_operations_and_what_can_be_tested_of_them(tmp_path: Path) -> None:
    found = {str(each.name): each for each in offered(inputs_of(written(tmp_path, path_with([]))))}
    assert found["POST /shops/{shop}/things"].problem.startswith("the path parameter 'shop' needs a value")
    ours = {str(each.name): each for each in offered(inputs_of())}
    created = ours["POST /api/calls"].contract
    assert created is not None
    assert created.read is not None
    assert ours["GET /api/calls/{call_id}"].problem == "only a POST creates something"
