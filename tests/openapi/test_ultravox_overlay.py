"""Our overlay: well formed, to the point, and true to the letter."""

from __future__ import annotations

import re

import jsonpath
import jsonschema_rs
import pytest

from openapi.catalogue import catalogue_of
from openapi.reading.loader import load_contract
from tests.openapi.our_overlay import ACTIONS, OVERLAY, Object, stated
from tests.openapi.published import digest, known, quotations
from tests.openapi.versions import OURS, SEPTEMBER, in_openapi_3_0, under_our_overlay

# Actions for versions of the description that came later; in ours there is nothing for them.
LATER = (
    "properties.outgoing",
    "properties.sip",
    "&& @.properties.dataConnection",
    "GoogleVoice",
    "GenericVoice",
    "DataConnection",
)
# Actions for what later versions no longer have.
GONE = ("PlayHtVoice", "&& !@.properties.dataConnection")


def idle_targets(document: Object) -> set[str]:
    return {action["target"] for action in ACTIONS if not jsonpath.findall(action["target"], document)}


def is_one_of(target: str, marks: tuple[str, ...]) -> bool:
    return any(mark in target for mark in marks)


def test_is_an_overlay() -> None:
    assert OVERLAY["overlay"] == "1.0.0"
    assert set(OVERLAY) == {"overlay", "info", "actions"}
    assert set(OVERLAY["info"]) == {"title", "version"}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action['target']} {'+'.join(action['update'])}")
def test_an_action_is_well_formed(action: Object) -> None:
    assert set(action) - {"x-basis", "x-level", "x-if-present"} == {"target", "description", "update"}
    assert action["description"].strip()
    assert action.get("x-basis", "documented") in ("documented", "implied", "undocumented")
    assert action.get("x-level", "MUST") in ("MUST", "SHOULD", "MAY")
    jsonpath.compile(action["target"])


def test_every_action_finds_its_target_in_our_description() -> None:
    idle = idle_targets(OURS)
    assert {target for target in idle if not is_one_of(target, LATER)} == set()
    assert {mark for mark in LATER if not any(mark in target for target in idle)} == set()


def test_every_action_finds_its_target_in_a_later_version() -> None:
    idle = idle_targets(SEPTEMBER)
    assert {target for target in idle if not is_one_of(target, GONE)} == set()


def test_makes_the_same_rules_of_openapi_3_0_which_the_vendor_writes() -> None:
    theirs = catalogue_of(under_our_overlay(in_openapi_3_0(OURS)))
    ours = catalogue_of(load_contract())
    assert set(theirs.rules) ^ set(ours.rules) == set()


@pytest.mark.parametrize("quote", sorted(set(quotations())))
def test_a_quotation_is_true_to_the_letter(quote: str) -> None:
    assert digest(quote) in known()["quotations"]


def test_a_quotation_that_somebody_edits_is_noticed() -> None:
    quote = next(quotations())
    assert digest(quote.replace(" ", "  ", 1)) not in known()["quotations"]


def test_no_digest_is_of_a_quotation_that_is_gone() -> None:
    assert set(known()["quotations"]) == set(map(digest, quotations()))


def test_rules_stated_in_full_are_complete() -> None:
    named = [member for action in ACTIONS for member in action["update"].get("allOf", ())]
    rules = [*stated("x-exchange-rules"), *stated("x-request-rules")]
    slugs = [*(member["x-rule"] for member in named), *(rule["id"] for rule in rules)]
    assert len(set(slugs)) == len(slugs)
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", slug)] == []
    sentences = [*(member["x-requirement"] for member in named), *(rule["requirement"] for rule in rules)]
    assert [sentence for sentence in sentences if " MUST " not in sentence or not sentence.endswith(".")] == []
    for rule in stated("x-exchange-rules"):
        assert ("then" in rule) != ("equal" in rule)
        assert all(jsonschema_rs.meta.is_valid(rule[key]) for key in ("when", "then") if key in rule)
