"""Probes: each a whole request of its own, sent as `probes.yaml` spells it, and never judged."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

from openapi import load_contract
from openapi.catalogue import catalogue_of, probes
from openapi.contract import Contract
from strategies.case import Case, Side
from strategies.coverage.probes import joined, probe_cases, sharing
from tests.openapi.synthetic import description, loaded


@cache
def contract() -> Contract:
    return load_contract()


@cache
def ours() -> dict[str, Case]:
    return {case.rule: case for case in probe_cases(contract())}


@cache
def entries() -> dict[str, Any]:
    return {f"observed.{each['id']}": each for each in probes(contract())}


def entry_of(case: Case) -> Any:
    return entries()[case.rule]


def test_each_probe_is_an_observed_rule_and_there_once() -> None:
    found = [*probe_cases(contract())]
    assert len({case.rule for case in found}) == len(found) > 20
    assert {case.rule for case in found} <= {*catalogue_of(contract()).rules}
    assert {case.side for case in found} == {Side.PROBE}
    assert {case.phase for case in found} == {"probe"}
    assert len({case.label for case in found}) == len(found)


def test_bytes_and_bodies_are_sent_as_they_are_spelled() -> None:
    for case in ours().values():
        entry = entry_of(case)
        if "bytes" in entry:
            assert (case.content or b"").hex() == str(entry["bytes"]).lower().replace(" ", "")
        elif "body" in entry:
            assert case.content == str(entry["body"]).encode()
        else:
            assert case.content is None
    assert any("bytes" in entry_of(case) for case in ours().values())


def test_a_media_type_is_the_only_one_of_its_request() -> None:
    for case in ours().values():
        types = [value for name, value in case.headers if name.lower() == "content-type"]
        assert len(types) <= 1
        assert "content-type" not in entry_of(case) or types == [entry_of(case)["content-type"]]


def test_a_path_is_below_that_of_the_operation_and_none_is_the_operation_itself() -> None:
    for case in ours().values():
        assert case.path == (f"{contract().path}{entry_of(case)['path']}" if "path" in entry_of(case) else None)
    assert {case.path is None for case in ours().values()} == {True, False}


def test_a_kind_of_parameter_that_the_operation_lacks_is_not_probed() -> None:
    """Without any parameter, what needs one is left out, and all else stays."""
    plain = {case.rule for case in probe_cases(loaded(description({"type": "object"})))}
    about_parameters = {f"observed.{each['id']}" for each in probes(contract()) if "parameter" in each}
    general = {f"observed.{each['id']}" for each in probes(loaded(description({"type": "object"})))}
    assert about_parameters
    assert plain == general - about_parameters
    assert about_parameters <= ours().keys()


def test_a_probe_of_a_kind_of_parameter_names_one_of_that_kind() -> None:
    bare = replace(contract(), parameters=())
    dropped = ours().keys() - {case.rule for case in probe_cases(bare)}
    names = {each.name for each in contract().parameters}
    assert dropped
    for rule in dropped:
        assert {name for name, _ in ours()[rule].query} <= names
        assert [value for _, value in ours()[rule].query] == entry_of(ours()[rule])["values"]


def test_where_the_spelling_of_a_query_is_the_probe_its_meaning_is_kept_beside_it() -> None:
    spelled = [case for case in ours().values() if case.query_text is not None]
    assert spelled
    assert all(case.query_text == entry_of(case)["query-string"] for case in spelled)


def test_what_shares_a_request_changes_different_places_of_it() -> None:
    groups = sharing(probes(contract()), ours().values())
    assert sorted(case.rule for group in groups for case in group) == sorted(
        rule for rule in ours() if entries()[rule].get("shares")
    )
    assert len(groups[0]) > 5
    for group in groups:
        bodies = [case.raw for case in group if case.raw != b"{}"]
        names = [name.lower() for case in group for name, _ in case.headers]
        assert len(bodies) < 2
        assert len(set(names)) == len(names)


def test_one_request_has_all_that_its_probes_change() -> None:
    for group in sharing(probes(contract()), ours().values()):
        whole = joined(group)
        assert [(aim.rule, aim.label) for aim in whole.aims] == [(case.rule, case.label) for case in group]
        for case in group:
            assert case.raw in (whole.raw, b"{}")
            assert {*case.headers} <= {*whole.headers}
            assert {*case.query} <= {*whole.query}
            assert case.query_text is None or case.query_text in (whole.query_text or "")
            spelled = [f"{name}={value}" for name, value in case.query]
            assert whole.query_text is None or case.query_text is not None or all(each in whole.query_text for each in spelled)


def test_added_members_stand_in_one_body() -> None:
    one, other = (
        Case(side=Side.PROBE, label="the body", rule=f"observed.{rule}", raw=raw, offending_path=())
        for rule, raw in (("a", b'{"x": {"a": 1}, "y": 2}'), ("b", b'{"x": {"b": 1}, "y": 2}'))
    )
    (group,) = sharing([{"id": "a", "shares": True}, {"id": "b", "shares": True}, {"id": "c"}], [one, other])
    assert json.loads(joined(group).raw or b"") == {"x": {"a": 1, "b": 1}, "y": 2}
    assert sharing([{"id": "a"}, {"id": "b"}], [one, other]) == []
    elsewhere = replace(other, offending_path=("x",))
    assert sharing([{"id": "a", "shares": True}, {"id": "b", "shares": True}], [one, elsewhere]) == [[one], [elsewhere]]
