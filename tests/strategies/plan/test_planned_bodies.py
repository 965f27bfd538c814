"""Bodies that the plan of the contract has to hold, each for a fault that nothing else would show."""

from __future__ import annotations

from typing import Any

import pytest

from strategies.coverage.special_bodies import near_equal
from strategies.values.valid import accepted
from tests.strategies.plan.plans import plan_of


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


def test_a_client_tool_has_its_invalid_parameter_behind_a_valid_one_too() -> None:
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


def test_nothing_is_an_invalid_value_where_there_must_be_more() -> None:
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
    tools = [tool for body in rejected("body.selectedTools.*.x-covers") for tool in body["selectedTools"]]
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
