"""The plan reaches everything that the description names, and every case is what it says."""

from __future__ import annotations

import functools
from typing import Any

import jsonschema_rs
import pytest

from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.rules import Basis
from openapi.schema.nodes import Node
from openapi.schema.paths import at
from strategies.case import Side
from strategies.coverage.special_bodies import near_equal
from strategies.negative.violations import is_hazard
from strategies.plan.mutators import mutated
from strategies.plan.plan import Plan
from strategies.values.valid import accepted
from tests.openapi.versions import september


@functools.cache
def plan_of(version: str = "ours", *, few: bool = True) -> Plan:
    return Plan(september() if version == "september" else catalogue_of(load_contract()), few=few)


VERSIONS = pytest.mark.parametrize("version", ["ours", "september"])


@VERSIONS
def test_bodies_that_must_or_may_be_accepted_violate_no_rule(version: str) -> None:
    plan = plan_of(version)
    for case in (*plan.accepts(), *plan.combinations(20), *plan.may(), *plan.each_may()):
        assert plan.oracle.violated(case.body) == {}, case.id


@VERSIONS
def test_every_rule_of_the_body_is_tried_from_the_rejecting_side(version: str) -> None:
    plan = plan_of(version)
    shut = {node.path for node in plan.oracle.root.walk() if is_hazard(plan.oracle.root, node)}
    known = [rule.id for rule in plan.catalogue.rules.values() if rule.basis is not Basis.UNDOCUMENTED]
    rules = {rule for rule in known if rule.startswith("body.") and not rule.endswith((".echo", ".default"))}
    tried = {case.rule for case in plan.rejects()}
    missed = {rule for rule in rules - tried if rule.removeprefix("body.").rpartition(".")[0] not in shut}
    assert missed == set()


def test_a_body_that_is_to_be_refused_breaks_its_rule_alone() -> None:
    plan = plan_of(few=False)
    for case in (*plan.rejects(), *plan.in_context()):
        violated = plan.oracle.violated(case.body)
        place = case.rule.rsplit(".", 1)[0]
        assert case.rule in violated, case.id
        assert all(rule.rsplit(".", 1)[0] == place for rule in violated), case.id


def test_a_validator_that_knows_nothing_of_rules_refuses_the_same_bodies() -> None:
    """Only what JSON Schema cannot say escapes a plain validator."""
    plan = plan_of(few=False)
    plain = jsonschema_rs.Draft202012Validator(dict(plan.catalogue.contract.request), validate_formats=True)
    own = ("x-unique-by", "x-covers", "x-refers", "x-distinct", "format")
    for case in plan.rejects():
        if not case.rule.endswith(own):
            assert not plain.is_valid(case.body), case.id
    for case in plan.accepts():
        assert plain.is_valid(case.body), case.id


def places_of(value: Any, node: Node | None, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = {path}
    if isinstance(value, dict):
        for name, member in value.items():
            child = node.properties.get(name) or node.each if node else None
            found |= places_of(member, child, (*path, name if node and name in node.properties else "*"))
    elif isinstance(value, list):
        for element in value:
            found |= places_of(element, node.each if node else None, (*path, "*"))
    return found


def test_the_packs_reach_every_field_and_every_enum_member() -> None:
    plan = plan_of()
    cases = [*plan.accepts(), *plan.may()]
    reached = set().union(*(places_of(case.body, plan.oracle.root) for case in cases))
    nodes = list(plan.oracle.root.walk())
    assert {node.place for node in nodes} - reached == set()
    aims = {(aim.rule, aim.label) for case in cases for aim in case.aims}
    for node in nodes:
        for member in node.get("enum", ()):
            assert (f"body.{node.path}.enum", f"member {member}") in aims


def test_every_bound_is_met_exactly() -> None:
    plan = plan_of()
    aims = {aim.rule for case in plan.accepts() for aim in case.aims}
    bounds = {rule for rule in plan.catalogue.rules if rule.startswith("body.") and rule.endswith((".minimum", ".maximum"))}
    assert bounds
    assert bounds <= aims


def test_what_nobody_documents_is_broken_only_where_requests_are_not_scarce() -> None:
    watched = {rule.id for rule in plan_of().catalogue.rules.values() if rule.basis is Basis.UNDOCUMENTED}
    assert not watched & {case.rule for case in plan_of().rejects()}
    assert {"body.selectedTools.*.x-refers"} <= watched & {case.rule for case in plan_of(few=False).rejects()}


def test_packs_are_few() -> None:
    """Acceptances share bodies: there are far fewer packs than values that they carry."""
    packs = list(plan_of().accepts())
    assert len(packs) * 10 < sum(len(case.aims) for case in packs)


def test_every_mutator_gives_a_body_that_says_what_it_is() -> None:
    plan = plan_of()
    cases = list(mutated(plan, 1))
    assert {case.rule for case in cases} == {
        rule
        for rule in plan.catalogue.rules
        if rule.startswith("observed.") and "mutators" in plan.catalogue.rules[rule].source
    }
    assert all(case.side is Side.PROBE and case.raw for case in cases)


def test_what_may_dial_a_phone_is_never_sent() -> None:
    plan = plan_of("september")
    hazards = [node for node in plan.oracle.root.walk() if node.get("x-hazard")]
    assert hazards
    cases = [*plan.accepts(), *plan.combinations(20), *plan.may(), *plan.rejects(), *plan.in_context(), *mutated(plan, 3)]
    for case in cases:
        for node in hazards:
            assert f'"{node.place[-1]}"'.encode() not in (case.content or b""), case.id


def test_rules_that_are_only_implied_are_obeyed_by_what_must_be_accepted() -> None:
    catalogue: Catalogue = plan_of().catalogue
    implied = [rule for rule in catalogue.rules.values() if rule.basis is Basis.IMPLIED and rule.id.startswith("body.")]
    assert implied


def test_a_implementation_defined_body_holds_every_value_that_it_aims_at() -> None:
    for case in plan_of().may():
        paths = [aim.path for aim in case.aims]
        assert len(set(paths)) == len(paths), case.id
        assert all(path[-1] in at(case.body, path[:-1]) or at(case.body, path) is not None for path in paths), case.id


def test_every_list_is_looked_at_beyond_its_first_element() -> None:
    plan = plan_of()
    lists = {node.path for node in plan.oracle.root.walk() if node.is_array and node.each is not None}
    offending_fields = [case.offending_path or () for case in plan.deep_in_lists()]
    beyond = (
        path[:depth] for path in offending_fields for depth, step in enumerate(path) if isinstance(step, int) and step > 0
    )
    reached = set(map(plan.oracle.place, beyond))
    assert lists <= reached
    assert all(case.rule in plan.oracle.violated(case.body) for case in plan.deep_in_lists())


def test_every_map_is_looked_at_beyond_its_first_member() -> None:
    plan = plan_of()
    invalid = [case for case in plan.deep_in_lists() if case.offending_path and "key0000" in str(case.body)]
    places = {
        plan.oracle.place(path)
        for case in invalid
        for path in above(case.offending_path or ())
        if beyond_first(case.body, path)
    }
    assert any(place.endswith("options.*.requirements") for place in places)


def above(path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    return [path[:depth] for depth in range(1, len(path) + 1)]


def beyond_first(body: Any, path: tuple[str | int, ...]) -> bool:
    holder = at(body, path)
    return isinstance(holder, dict) and next(iter(holder), "") == "key0000" and len(holder) > 2


def test_each_member_of_a_choice_is_sent_alone() -> None:
    bodies = [case.body for case in plan_of().accepts()]
    assert {"medium": {"plivo": {}}} in bodies
    assert {"medium": {"twilio": {}}} in bodies
    assert {"firstSpeaker": "FIRST_SPEAKER_USER"} in bodies


def test_two_rates_differ_in_some_body() -> None:
    sockets = [case.body.get("medium", {}).get("serverWebSocket", {}) for case in plan_of().accepts()]
    rates = {(each.get("inputSampleRate"), each.get("outputSampleRate")) for each in sockets}
    assert (16000, 8000) in rates


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("body.medium.serverWebSocket.inputSampleRate.required", '"outputSampleRate":'),
        ("body.first-speaker-matches-settings", '"fallback":{"delay":'),
    ],
)
def test_what_has_to_be_there_is_missed_in_full_context_too(rule: str, part: str) -> None:
    assert any(part in (case.content or b"").decode() for case in plan_of().rejects() if case.rule == rule)


def test_a_client_tool_has_its_wrong_parameter_behind_a_right_one_too() -> None:
    rule = "client-tools-take-body-parameters-only"
    selected = [tool for case in plan_of().rejects() if case.rule.endswith(rule) for tool in case.body["selectedTools"]]
    tools = [tool["temporaryTool"] for tool in selected if "temporaryTool" in tool]
    lists = [tool[name] for tool in tools for name in tool if name.endswith("Parameters")]
    assert any(len(each) == 2 and each[0]["location"] == "PARAMETER_LOCATION_BODY" for each in lists)


def test_an_anchored_pattern_is_missed_by_a_newline_at_once() -> None:
    names = [case.body for case in plan_of().rejects() if case.rule == "body.selectedTools.*.nameOverride.pattern"]
    assert any(body["selectedTools"][0]["nameOverride"].endswith("\n") for body in names[:4])


def test_free_texts_come_in_every_usual_length() -> None:
    lengths = {len(case.body["systemPrompt"]) for case in plan_of().accepts() if "systemPrompt" in case.body}
    assert {255, 256, 257, 1023, 1024, 1025, 4096} <= lengths


def rejected(rule: str) -> list[Any]:
    found = [case.body for case in plan_of().rejects() if case.rule == rule]
    assert found
    return found


def test_three_of_what_excludes_each_other_are_sent() -> None:
    assert {2, 3} <= {len(body["externalVoice"]) for body in rejected("body.externalVoice.maxProperties")}
    chosen = {frozenset(body["selectedTools"][0]) for body in rejected("body.selectedTools.*.oneOf")}
    assert frozenset({"toolId", "toolName", "temporaryTool"}) in chosen


def test_content_stands_alongside_what_is_empty() -> None:
    sides = [body["firstSpeakerSettings"] for body in rejected("body.firstSpeakerSettings.oneOf")]
    assert {name for each in sides if {} in each.values() for name, value in each.items() if value} == {"user", "agent"}


def test_a_voice_meets_each_provider_of_external_ones() -> None:
    providers = {name for body in rejected("body.voice-or-external-voice") for name in body["externalVoice"]}
    assert providers == set(plan_of().oracle.root.properties["externalVoice"].properties)


def test_a_name_is_missed_alongside_each_tool_that_is_known_to_exist() -> None:
    tools = [body["selectedTools"][0] for body in rejected("body.selectedTools.*.nameOverride.pattern")]
    assert {"toolName", "temporaryTool"} <= {name for tool in tools for name in tool}


def test_a_violation_stands_within_all_that_may_be_there() -> None:
    hot = max((body for body in rejected("body.temperature.maximum")), key=len)
    assert len(hot) > 10
    assert {"voiceId", "model", "speed", "emotion"} <= max(
        (body["externalVoice"]["cartesia"] for body in rejected("body.externalVoice.cartesia.speed.minimum")), key=len
    ).keys()


def test_nothing_is_a_wrong_value_where_there_must_be_more() -> None:
    voices = [body["externalVoice"]["elevenLabs"] for body in rejected("body.externalVoice.elevenLabs.speed.minimum")]
    assert 0 in [voice["speed"] for voice in voices]


def test_bodies_that_are_nearly_the_same_are_sent() -> None:
    plan = plan_of()
    bodies = [case.body for case in near_equal(plan.oracle, frozenset())]
    assert len({str(body).lower().replace(" ", "") for body in bodies}) < len(bodies)
    assert all(plan.oracle.is_valid(body) for body in bodies)


def test_a_reserved_key_has_an_empty_value_once() -> None:
    assert any("" in body["metadata"].values() for body in rejected("body.metadata.propertyNames"))


def test_a_name_that_only_a_token_has_is_not_covered() -> None:
    tools = [body["selectedTools"][-1] for body in rejected("body.selectedTools.*.x-covers")]
    assert any("p" in tool.get("authTokens", {}) and "p" not in tool.get("parameterOverrides", {}) for tool in tools)


def test_what_is_no_member_of_an_enum_stands_alongside_each_member_of_another() -> None:
    bodies = rejected("body.initialMessages.*.medium.enum")
    alongside = {each.get("role") for body in bodies for each in body["initialMessages"] if "medium" in each}
    assert {"MESSAGE_ROLE_USER", "MESSAGE_ROLE_AGENT", "MESSAGE_ROLE_TOOL_CALL", "MESSAGE_ROLE_TOOL_RESULT"} <= alongside


def test_what_is_tried_for_having_nothing_has_nothing_though_more_refers_to_it() -> None:
    tools = [tool.get("temporaryTool", {}) for case in plan_of().accepts() for tool in case.body.get("selectedTools", ())]
    requirements = [tool["requirements"] for tool in tools if "requirements" in tool]
    assert {} in requirements
    assert any(len(each.get("httpSecurityOptions", {}).get("options", ())) for each in requirements)


def test_mistakes_that_are_likely_are_made() -> None:
    scarce = {each.get("role") for body in rejected("body.initialMessages.*.role.enum") for each in body["initialMessages"]}
    assert "MESSAGE_ROLE_SYSTEM" in scarce
    assert "MESSAGE_ROLE_DEVELOPER" not in scarce
    found = plan_of().violations["body.initialMessages.*.role.enum"]
    assert "a likely mistake: MESSAGE_ROLE_DEVELOPER" in {each.label for each in found}


def test_what_means_not_set_must_be_accepted_where_the_member_may_be_absent_alone() -> None:
    nodes = [node for node in plan_of().oracle.root.walk() if node.get("x-known-values") is None and node.get("format") is None]
    unset = [
        (node, each)
        for node in nodes
        for each in accepted(node)
        if str(each.value).endswith("_UNSPECIFIED") or each.value == ""
    ]
    assert len(unset) > 20
    assert [node.path for node, each in unset if each.must is node.demanded] == []


def test_each_nested_choice_is_met_with_nothing_else_where_requests_are_not_scarce() -> None:
    """A default that follows from it shows only where what has the default is left out."""
    plan = plan_of(few=False)
    alone = [case.body for case in plan.accepts() if len(case.body) == 1]
    for name, key in (("initialMessages", "role"), ("inactivityMessages", "endBehavior")):
        listed = plan.oracle.root.properties[name].each
        assert listed is not None
        met = {body[name][0].get(key) for body in alone if name in body and len(body[name]) == 1}
        assert met >= set(listed.properties[key].get("enum")) - {"MESSAGE_ROLE_UNSPECIFIED"}, name


def test_bodies_to_be_refused_are_made_as_they_are_asked_for() -> None:
    plan = Plan(plan_of().catalogue)
    rejections = plan.rejects()
    first = next(rejections)
    assert "violations" not in vars(plan), "all are made before the first can be sent"
    assert [first, *rejections] == list(plan_of().rejects())
    assert list(vars(plan)["violations"].items()) == list(plan_of().violations.items())
