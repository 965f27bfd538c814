"""Sentences that derive a default from other members are rules about exchanges of the operation."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.checks.checker import Checker
from conformance.checks.tolerances import tolerances_of
from openapi.catalogue import catalogue_of
from openapi.prose.derived_defaults import derived_defaults
from openapi.prose.names import named_in, slug
from openapi.prose.proposals import draft, proposals
from tests.conformance.checks.small import exchange
from tests.openapi.synthetic import POST, description, loaded


def document(sentence: str, response: Any = None, **schema: Any) -> dict[str, Any]:
    """A description whose body has the member `sound.outRate` with a sentence, beside `inRate` and `fast`."""
    rate = {"type": "integer"}
    members = {"outRate": {**rate, "description": sentence, **schema}, "inRate": rate, "fast": {"type": "boolean"}}
    sound = {"type": "object", "properties": members}
    body = {"type": "object", "properties": {"sound": {"$ref": "#/components/schemas/Sound"}}}
    return description(body, body if response is None else response, components={"schemas": {"Sound": sound}})


def rule(sentence: str, **schema: Any) -> dict[str, Any]:
    """The rule of a sentence."""
    ((path, quoted, found),) = derived_defaults(document(sentence, **schema))
    assert (path, quoted, found["quote"], found["id"]) == ("/api/calls", sentence, sentence, "default-sound-out-rate")
    return found


@pytest.mark.parametrize(
    "sentence",
    [
        "If unset, defaults to the in_rate.",
        "Defaults to the value of `inRate`.",
        "Same as inRate if unset.",
        "Defaults to inRate",
    ],
)
def test_a_member_may_take_the_value_of_another_one(sentence: str) -> None:
    found = rule(sentence)
    assert found["equal"] == {"response": "/sound/outRate", "request": "/body/sound/inRate"}
    assert found["requirement"] == "sound.outRate MUST be the inRate of the request where the body does not set it."


def test_a_default_may_hold_only_beside_another_member() -> None:
    found = rule("Defaults to 5 if `fast` is set.")
    assert found["then"]["properties"]["response"]["properties"]["sound"]["properties"] == {"outRate": {"const": 5}}
    assert found["requirement"].endswith("MUST be 5 where the body does not set it and sets fast.")
    assert rule("Defaults to the inRate if fast is set.")["when"]["properties"]["body"]["properties"]["sound"]["required"] == [
        "fast",
        "inRate",
    ]


@pytest.mark.parametrize(
    ("sentence", "schema"),
    [
        ("Defaults to 5.", {}),
        ("Defaults to the rate of the parent.", {}),
        ("Defaults to the outRate.", {}),
        ("Defaults to the inRate if slow is set.", {}),
        ("Defaults to fast.", {"type": "string", "enum": ["MODE_FAST"]}),
        ("Defaults to something if `fast` is set.", {}),
    ],
)
def test_other_sentences_derive_nothing(sentence: str, schema: dict[str, Any]) -> None:
    assert list(derived_defaults(document(sentence, **schema))) == []


def test_what_no_response_shows_is_no_rule() -> None:
    assert list(derived_defaults(document("Defaults to the inRate.", {"type": "object"}))) == []


@pytest.mark.parametrize(
    ("sentence", "sent", "shown", "side"),
    [
        ("Defaults to the inRate.", {"inRate": 8}, {"inRate": 8, "outRate": 9}, "fails"),
        ("Defaults to the inRate.", {"inRate": 8}, {"inRate": 8, "outRate": 8}, "holds"),
        ("Defaults to the inRate.", {"inRate": 8, "outRate": 9}, {"inRate": 8, "outRate": 9}, "is silent"),
        ("Defaults to 5 if `fast` is set.", {"fast": True}, {"fast": True, "outRate": 6}, "fails"),
        ("Defaults to 5 if `fast` is set.", {"fast": True}, {"fast": True, "outRate": 5}, "holds"),
        ("Defaults to 5 if `fast` is set.", {}, {"outRate": 6}, "is silent"),
    ],
)
def test_the_draft_makes_a_rule_that_judges(sentence: str, sent: Any, shown: Any, side: str) -> None:
    text = document(sentence)
    (found,) = proposals(text)
    assert (found.target, found.confidence) == (f"$.paths['{POST[1]}'].post", "likely")
    catalogue = catalogue_of(loaded(text, draft(text, [found])))
    judged = Checker(catalogue, tolerances_of(catalogue.contract)).check(exchange({"sound": shown}, {"sound": sent}))
    identity = "response.default-sound-out-rate"
    outcome = {each.rule for each in judged.findings}, {rule for rule, _ in judged.held}
    assert {
        "fails": identity in outcome[0],
        "holds": identity in outcome[1],
        "is silent": identity not in outcome[0] | outcome[1],
    }[side]


def test_names_are_found_in_either_spelling() -> None:
    assert named_in("the in_rate or `fast`", {"fast": {}, "inRate": {}}) == ["inRate", "fast"]
    assert slug("inRate") == "in-rate"
