"""The operations on an object are those that a contract states, else those of links, else of a path with one variable more."""

from __future__ import annotations

from pathlib import Path

from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.identifiers import identifier_of
from tests.openapi.reading.test_contract_folder import STATED, folder_with
from tests.openapi.reading.test_links import FOUND, document, linked
from tests.openapi.synthetic import written


def test_a_link_counts_before_a_path_template() -> None:
    found = linked({"Read": FOUND})
    assert (found.read and found.read.path, found.delete and found.delete.path) == ("/entries/{key}", "/api/calls/{id}")
    catalogue = catalogue_of(found)
    identifier = identifier_of(found, catalogue.body, catalogue.response)
    assert (identifier.path, identifier.is_stated, found.is_linked) == (("key",), True, True)
    assert found.notes == ()


def test_links_that_identify_in_two_ways_are_not_mixed() -> None:
    other = {"operationId": "remove", "parameters": {"key": "$response.body#/id"}}
    found = linked({"Read": FOUND, "Delete": other})
    assert (found.identifier, found.delete and found.delete.path) == ("/key", "/api/calls/{id}")
    assert "another one identifies by /key" in found.notes[0]


def test_what_lies_below_an_object_does_not_read_it() -> None:
    found = linked({"Parts": {**FOUND, "operationId": "parts"}})
    assert (found.read and found.read.path, found.notes) == ("/api/calls/{id}", ())


def test_what_a_contract_states_counts_before_links(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {**STATED, "object": {"read": "GET /api/calls/{id}", "identifier": "/id"}})
    written(tmp_path, document({"Read": FOUND, "Delete": {**FOUND, "operationId": "remove"}}), "description.json")
    found = load_contract(contract=folder)
    assert (found.read and found.read.path, found.delete and found.delete.path) == ("/api/calls/{id}", "/entries/{key}")
    assert (found.identifier, found.is_linked) == ("/id", False)
