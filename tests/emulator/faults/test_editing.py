"""Changing a contract at one place."""

from __future__ import annotations

import pytest

from emulator.faults.dsl.editing import (
    at,
    both,
    extension,
    having,
    parameter,
    renamed,
    with_rule,
    without,
    without_member,
    without_property,
    without_rule,
)
from emulator.value_kinds import Kind, Shape, shape_of
from openapi import Contract
from tests.emulator.client import contract


def _at(changed: Contract, place: str) -> Shape:
    shape = shape_of(changed.request)
    for step in place.split("."):
        shape = shape.each if step == "*" else shape.properties[step]
    return shape


_TOOL = "selectedTools.*.temporaryTool"


def test_one_place_is_changed_and_no_other() -> None:
    place, other = (f"{_TOOL}.{name}.*.location" for name in ("dynamicParameters", "staticParameters"))
    changed = at(place, without_member("PARAMETER_LOCATION_BODY"))(contract())
    assert "PARAMETER_LOCATION_BODY" not in _at(changed, place).members
    assert "PARAMETER_LOCATION_BODY" in _at(changed, other).members
    assert "PARAMETER_LOCATION_BODY" in _at(contract(), place).members


def test_a_changed_definition_keeps_its_name() -> None:
    changed = at("medium.twilio", having(title="changed"))(contract())
    assert _at(changed, "medium.twilio").name == "ultravox.v1.CallMedium_TwilioMedium"
    assert _at(changed, "medium.twilio").kind is Kind.MESSAGE
    assert _at(changed, "medium.plivo").keywords.get("title") != "changed"


def test_changes() -> None:
    changed = both(
        at("medium", without("maxProperties")),
        at(_TOOL, renamed("oneOf", "anyOf"), without_rule("client-tools-take-body-parameters-only")),
        at("medium", without_property("exotel")),
        at("voice", having(x_known_values=[1], min_length_=1)),
        at("", with_rule("voice-or-external-voice", having(not_=False))),
    )(contract())
    assert "maxProperties" not in _at(changed, "medium").keywords
    assert "exotel" not in _at(changed, "medium").properties
    assert {"anyOf", "x-covers"} & _at(changed, _TOOL).keywords.keys() == {"anyOf"}
    assert _at(changed, "voice").keywords["x-known-values"] == [1]


@pytest.mark.parametrize("place", ["nowhere", "medium.nowhere", "voice.nowhere", "voice.*", f"{_TOOL}.*"])
def test_a_place_that_is_not_there_changes_nothing(place: str) -> None:
    changed = at(place, without("type"))(contract())
    assert {name: shape.kind for name, shape in shape_of(changed.request).properties.items()} == {
        name: shape.kind for name, shape in shape_of(contract().request).properties.items()
    }


def test_parameters_and_extensions() -> None:
    changed = parameter("enableGreetingPrompt", having(enum=[True]))(contract())
    assert {each.name: each.schema.get("enum") for each in changed.parameters} == {
        "enableGreetingPrompt": [True],
        "priorCallId": None,
    }
    assert extension("x-request-rules", lambda _: [])(contract()).extensions["x-request-rules"] == []
    assert extension("x-nothing", lambda _: [])(contract()) is contract()
