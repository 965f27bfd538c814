"""Entries of the record: all of a request but its key, what a response showed, and each rule at its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.redaction import Redaction
from conformance.results.recording import (
    exchange_entry,
    facts_of,
    field_entries,
    request_entry,
    requirement_entries,
    response_entry,
    rule_entries,
)
from openapi import load_contract
from openapi.catalogue import catalogue_of
from strategies.case import Aim, Case, Key, Side
from tests.conformance.results.small import SECRET, catalogue, exchange
from tests.openapi.synthetic import Object, body_rules, catalogued

HIDING = Redaction.of_values([SECRET])
LONGEST = 65_536


def test_a_request_without_peculiarities_is_that_of_the_operation() -> None:
    found = request_entry(Case(side=Side.ACCEPTS, label="", body={"size": 1}), catalogue().contract, HIDING)
    assert (found.method, found.path, found.query, found.query_text) == ("POST", "/api/calls", [], None)
    assert (found.headers, found.body) == ({"Content-Type": "application/json"}, '{"size":1}')


def test_a_case_can_be_about_any_part_of_a_request() -> None:
    case = Case(
        side=Side.PROBE,
        label="",
        raw=b"\xffx",
        method="PUT",
        path="/other",
        query=(("a", "1"),),
        query_text="a=%31",
        headers=(("content-type", "text/plain"), ("X-Other", f"is {SECRET}")),
    )
    found = request_entry(case, catalogue().contract, HIDING)
    assert (found.method, found.path, found.query, found.query_text) == ("PUT", "/other", [["a", "1"]], "a=%31")
    assert found.headers["content-type"] == "text/plain"
    assert "Content-Type" not in found.headers
    assert SECRET not in str(found)
    assert (found.body or "").encode("utf-8", "surrogateescape") == b"\xffx"


def test_no_body_has_no_media_type() -> None:
    found = request_entry(Case(side=Side.AUTH, label=""), catalogue().contract, HIDING)
    assert (found.headers, found.body) == ({}, None)


@pytest.mark.parametrize(
    ("key", "headers", "shown"),
    [
        (Key.NONE, (), "none"),
        (Key.OWN, (), "none"),
        (Key.OWN, (("X-API-Key", "another"),), "invalid"),
    ],
)
def test_the_record_says_which_key_went_along(key: Key, headers: tuple[tuple[str, str], ...], shown: str) -> None:
    case = Case(side=Side.AUTH, label="", key=key, headers=headers)
    assert request_entry(case, load_contract(), HIDING).key == shown


def test_the_key_is_its_own_only_where_the_contract_has_one() -> None:
    case = Case(side=Side.ACCEPTS, label="", body={})
    assert request_entry(case, load_contract(), HIDING).key == "own"
    assert request_entry(case, catalogue().contract, HIDING).key == ("own" if catalogue().contract.keys else "none")


@given(st.sampled_from([0, 1, LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST]))
def test_long_bodies_are_cut_and_say_how_long_they_were(length: int) -> None:
    case = Case(side=Side.ACCEPTS, label="", raw=b"x" * length)
    found = request_entry(case, catalogue().contract, HIDING).body or ""
    assert found.startswith("x" * min(length, LONGEST))
    assert (f"{length} characters" in found) is (length > LONGEST)
    assert len(found) < LONGEST + 60


def test_a_response_shows_its_body_and_the_headers_that_matter() -> None:
    secret = replace(exchange(), content=f'{{"id":"{SECRET}"}}'.encode())
    found = response_entry(secret)
    assert found is not None
    assert (found.status, found.headers) == (201, {"content-type": "application/json"})
    assert SECRET not in found.body
    assert response_entry(exchange(error="no connection")) is None


def test_an_exchange_is_recorded_with_its_case_and_its_times() -> None:
    aims = tuple(Aim(f"rule {index}", (), "") for index in range(60))
    case = Case(side=Side.MAY, label="a label", body={}, aims=aims, phase="drawn")
    found = exchange_entry(replace(exchange(7), case=case), catalogue().contract)
    assert (found.number, found.case, found.side, found.label, found.phase) == (7, case.id, "may", "a label", "drawn")
    assert (found.at, found.seconds, found.error) == (1.5, 0.5, None)
    assert found.aims == [f"rule {index}" for index in range(40)]
    broken = exchange_entry(exchange(error=f"no connection with {SECRET}"), catalogue().contract)
    assert broken.response is None
    assert str(broken.error).startswith("no connection")
    assert SECRET not in str(broken)


def test_every_rule_has_an_entry_at_its_place() -> None:
    found = {each.id: each for each in rule_entries(catalogue())}
    assert list(found) == list(catalogue().rules)
    assert {found[rule].place for rule in body_rules(catalogue()) if ".size." in rule} == {"size"}
    for each in found.values():
        assert each.place == "" or f".{each.place}." in each.id
        assert each.requirement == catalogue().rules[each.id].requirement


def test_every_field_has_an_entry_with_its_rules_and_keywords() -> None:
    found = {(each.side, each.place): each for each in field_entries(catalogue())}
    assert {("body", ""), ("body", "size"), ("response", "id"), ("response", "size")} <= found.keys()
    size = found["body", "size"]
    assert (size.types, size.keywords["maximum"], size.keywords["default"]) == (["integer"], 3, 1)
    assert "body.size.maximum" in size.rules
    assert not any(rule.startswith("response.") for rule in size.rules)
    described = catalogued(
        {"type": "object", "properties": {"a": {"type": "string", "title": "A", "description": "why", "x-known-values": ["b"]}}}
    )
    (own,) = (each for each in field_entries(described) if each.place == "a" and each.side == "body")
    assert (own.keywords, own.description) == ({"type": "string"}, "why")
    about = {rule for each in found.values() for rule in each.rules}
    assert {rule for rule in catalogue().rules if rule.startswith("body.size.")} <= about


def test_every_sentence_has_an_entry_with_rules_that_exist_or_a_reason() -> None:
    ours = catalogue_of(load_contract())
    found = list(requirement_entries(ours))
    assert len({each.id for each in found}) == len(found) > 100
    for each in found:
        assert bool(each.rules) != bool(each.reason), each.id
        assert len(set(each.rules)) == len(each.rules)
        assert set(each.rules) <= ours.rules.keys()
    assert list(requirement_entries(catalogue())) == []


def test_times_are_kept_to_the_microsecond() -> None:
    found = exchange_entry(replace(exchange(), at=1.23456789, seconds=0.98765432), catalogue().contract)
    assert (found.at, found.seconds) == (1.234568, 0.987654)


def test_of_two_keys_the_one_that_a_case_does_not_make_itself_goes_along() -> None:
    schemes = {name: {"type": "apiKey", "name": f"X-{name}", "in": "header"} for name in ("one", "two")}
    catalogue = catalogued({"type": "object"}, components={"securitySchemes": schemes}, security=[{"one": [], "two": []}])
    for key, places in ((Key.RIGHT, []), (Key.NONE, []), (Key.OWN, ["header X-two"])):
        case = Case(side=Side.AUTH, label="", body={}, key=key, scheme="one")
        assert [*(request_entry(case, catalogue.contract, HIDING).key_forms or {})] == places


@pytest.mark.parametrize(
    ("security", "credentials"),
    [
        ([{"one": [], "two": []}], "X-one in the header and X-two in the header"),
        ([{"one": []}, {"two": []}], "X-one in the header or X-two in the header"),
        ([{"one": []}, {}], "X-one in the header or none"),
        ([{"bearer": []}], "Bearer credential"),
    ],
)
def test_the_facts_say_which_credentials_the_operation_takes(security: list[Object], credentials: str) -> None:
    schemes: Object = {name: {"type": "apiKey", "name": f"X-{name}", "in": "header"} for name in ("one", "two")}
    schemes["bearer"] = {"type": "http", "scheme": "bearer"}
    own = catalogued({"type": "object"}, components={"securitySchemes": schemes}, security=security)
    facts = dict(facts_of(own.contract))
    assert facts["credentials"] == credentials
    assert facts["operation"] == "POST /api/calls"
    assert (facts["status of success"], facts["media type of requests"]) == ("201", "application/json")
    assert (facts["media type of responses"], facts["required query parameters"]) == ("application/json", "")
