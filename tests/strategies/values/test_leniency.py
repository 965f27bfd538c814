"""Tests of what a server may refuse without blame is never among what it must accept, and is tried all the same."""

from __future__ import annotations

import functools

from openapi.json_types import Json
from strategies.fuzzing.body_strategies import Bodies
from strategies.plan.budget import LIKELIEST
from strategies.plan.plan import Plan
from strategies.values.leniency import is_certain, is_implementation_defined, needing
from strategies.values.sampling import take
from tests.plans import our_catalogue, our_plan

SETTINGS, LMNT = "experimentalSettings", "externalVoice.lmnt"


def plan(*, few: bool = True) -> Plan:
    return our_plan(few=few)


@functools.cache
def plan_without() -> Plan:
    """Return the plan for an account that lacks what two members need: one for all tests, since it takes seconds to make."""
    return Plan(our_catalogue(), LIKELIEST, lacking=frozenset({SETTINGS, LMNT}))


def test_nothing_implementation_defined_must_be_accepted() -> None:
    for each in (plan(), plan(few=False), plan_without()):
        root = each.oracle.root
        for case in (*each.accepts(), *each.combinations(40)):
            assert is_certain(root, case.body, each.lacking), case.id


def test_what_makes_no_sense_is_not_drawn_nor_combined() -> None:
    each = plan(few=False)
    tools = [tool for case in each.accepts() for tool in case.body.get("selectedTools", ())]
    assert any(
        "{" in tool["temporaryTool"]["http"]["baseUrlPattern"] for tool in tools if "http" in tool.get("temporaryTool", {})
    )
    assert all(each.oracle.is_valid(body) for body in take(Bodies(each).valid(), 200, seed=1))


def test_nothing_implementation_defined_is_drawn() -> None:
    each = plan_without()
    drawn = take(Bodies(each).valid(), 60, seed=1)
    assert all(is_certain(each.oracle.root, body, each.lacking) for body in drawn)


def test_a_body_is_implementation_defined_wherever_the_value_is() -> None:
    root = plan().oracle.root
    assert is_certain(root, {"selectedTools": [{"toolName": "hangUp"}], "medium": {"webRtc": {}}, "voice": "Mark"})
    bodies: list[Json] = [
        {"medium": {}},
        {"voice": "another"},
        {"selectedTools": [{"toolName": "hangUp"}, {"toolId": "x"}]},
        {"initialMessages": [{"role": "MESSAGE_ROLE_UNSPECIFIED", "text": "x"}]},
    ]
    for body in bodies:
        assert plan().oracle.is_valid(body)
        assert not is_certain(root, body)


def test_a_member_that_nothing_describes_may_be_refused() -> None:
    root = plan().oracle.root
    bodies: list[Json] = [
        {"nope": 1},
        {"medium": {"webRtc": {"nope": {}}}},  # a type of its own without members
        {"medium": {"twilio": {"": None}}},
        {"selectedTools": [{"toolName": "hangUp", "nope": None}]},
    ]
    for body in bodies:
        assert plan().oracle.is_valid(body)
        assert not is_certain(root, body)
    # These have no members of their own, but hold any.
    assert is_certain(root, {"initialState": {"anything": {"at": ["all"]}}, "metadata": {"any": "text"}})


def test_implementation_defined_values_are_tried_all_the_same() -> None:
    bodies = [case.body for case in plan().may()]
    assert any(body.get("medium") == {} for body in bodies)
    assert any("MESSAGE_ROLE_UNSPECIFIED" in str(body) for body in bodies)


def test_what_needs_something_has_small_bodies_that_show_whether_it_is_there() -> None:
    premises = {node.path: cases for group in plan().premises() for node, cases in group}
    assert set(premises) == {node.path for node in needing(plan().oracle.root)}
    assert SETTINGS in premises
    for path, cases in premises.items():
        assert cases, path
        assert all(plan().oracle.is_valid(case.body) for case in cases)
        assert len(cases[0].content or b"") < 100


def test_what_lacks_its_need_may_be_refused_and_is_sent_all_the_same() -> None:
    assert not any("lmnt" in str(case.body) for case in plan_without().accepts())
    aims = {aim.rule for case in plan_without().may() for aim in case.aims if aim.rule.startswith(f"body.{LMNT}.")}
    assert f"body.{LMNT}.speed.minimum" in aims


def test_a_text_like_the_known_ones_is_known() -> None:
    url = plan().oracle.root.at(("selectedTools", 0, "temporaryTool", "http", "baseUrlPattern"))
    assert url is not None
    assert not is_implementation_defined(url, "https://example.com/v1/orders")
    assert not is_implementation_defined(url, "https://example.com/v1/orders/{id}")
    assert is_implementation_defined(url, "https://example.com/v2/orders")
    assert is_implementation_defined(url, "http://example.com/v1/orders/{id}")


def test_a_named_type_without_members_is_certain_without_any_alone() -> None:
    root = our_catalogue().body
    assert is_certain(root, {"medium": {"exotel": {}}, "initialState": {"": None}})
    assert not is_certain(root, {"medium": {"exotel": {"": None}}})
