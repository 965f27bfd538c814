"""Invalid values by keyword: whatever the keyword, some value violates it, and a keyword of several parts stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.schema.keywords import makes_rule
from openapi.schema.nodes import Constraint, Node
from strategies.negative.by_keyword import COMPOSITE, INVALID, fragment_of, invalid_fragments
from strategies.negative.containers import MEMBERS
from strategies.negative.scalars import SCALARS
from tests.strategies.schemas import Object, fits, oracle, ours

MEMBERS_OF: Object = {
    "kind": {"type": "string", "enum": ["one", "two", "three"]},
    "size": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
}
NAMES = st.lists(st.sampled_from(sorted(MEMBERS_OF)), min_size=1, max_size=2, unique=True)
SIMPLE: SearchStrategy[Object] = NAMES.map(lambda names: {"required": names}) | st.sampled_from(["one", "two"]).map(
    lambda kind: {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
)
COMPOSED: SearchStrategy[Object] = (
    st.lists(SIMPLE, min_size=2, max_size=3).map(lambda parts: {"anyOf": parts})
    | st.lists(SIMPLE, min_size=2, max_size=2).map(lambda parts: {"oneOf": parts})
    | SIMPLE.map(lambda part: {"not": part})
    | st.tuples(SIMPLE, st.sampled_from(["size", "flag"])).map(lambda two: {"if": two[0], "then": {"required": [two[1]]}})
    | st.just({"dependentRequired": {"kind": ["size"]}})
    | st.just({"dependentSchemas": {"kind": {"required": ["size"]}}})
)


def composed(fragment: Object) -> tuple[Node, Constraint]:
    """An object with a rule of several parts, and the constraint that states it."""
    node = oracle({"type": "object", "properties": MEMBERS_OF, **fragment}).root.properties["field"]
    return node, next(each for each in node.constraints if each.keyword in COMPOSITE)


@given(COMPOSED)
def test_some_value_made_for_a_rule_of_several_parts_violates_it(fragment: Object) -> None:
    node, constraint = composed(fragment)
    found = [each.value for each in INVALID[constraint.keyword](node, constraint)]
    members: Object = {"type": "object", "properties": MEMBERS_OF}
    invalid = [value for value in found if not fits(fragment, value)]
    assert invalid or all(fits(fragment, each) for each in ({}, {"kind": "one"}, {"kind": "two"}))
    assert all(fits(members, value) for value in invalid)


@given(COMPOSED)
def test_a_fragment_has_what_belongs_to_its_keyword_and_nothing_else(fragment: Object) -> None:
    node, constraint = composed({**fragment, "maxProperties": 9})
    assert fragment_of(node, constraint) == fragment


def test_a_count_of_what_is_contained_belongs_to_it() -> None:
    schema: Object = {"type": "array", "items": {"type": "string"}, "contains": {"const": "x"}, "minContains": 2, "maxItems": 4}
    node = oracle(schema).root.properties["field"]
    constraint = next(each for each in node.constraints if each.keyword == "contains")
    assert fragment_of(node, constraint) == {"contains": {"const": "x"}, "minContains": 2}


@given(COMPOSED)
def test_labels_say_which_members_are_there(fragment: Object) -> None:
    node, constraint = composed(fragment)
    for each in invalid_fragments(node, fragment_of(node, constraint)):
        assert isinstance(each.value, dict)
        assert each.label == "with none" if not each.value else all(name in each.label for name in each.value)


@pytest.mark.parametrize(
    ("fragment", "value"), [({"const": "one"}, "two"), ({"minimum": 3}, 2), ({"maxLength": 100}, "x" * 101)]
)
def test_the_label_of_a_scalar_shows_it_as_far_as_there_is_room(fragment: Object, value: object) -> None:
    schema = MEMBERS_OF["kind"] if "const" in fragment else {"type": "string" if "maxLength" in fragment else "integer"}
    node = oracle(schema).root.properties["field"]
    (found, *_) = invalid_fragments(node, fragment)
    assert found.value == value
    assert str(value).startswith(found.label)
    assert 0 < len(found.label) <= 60


def test_each_keyword_has_one_maker() -> None:
    assert not SCALARS.keys() & MEMBERS.keys()
    assert not {*COMPOSITE} & (SCALARS.keys() | MEMBERS.keys())
    assert INVALID.keys() == {*SCALARS, *MEMBERS, *COMPOSITE}


def test_each_keyword_of_our_contract_that_makes_a_rule_has_a_maker() -> None:
    met = {each.keyword for node in ours().root.walk() for each in node.constraints if makes_rule(each.keyword, each.value)}
    assert len(met) > 15
    assert met <= INVALID.keys()
