"""Near misses are valid, and differ in one value from one that is not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openapi.json_types import everything
from strategies.bodies.builder import Builder
from strategies.coverage.near_misses import nearest
from strategies.negative.by_keyword import COMPOSITE, fragment_of, invalid_fragments
from strategies.values.place_schema import alone
from tests.strategies.schemas import Object, fits, oracle, ours

MEMBERS: Object = {
    "kind": {"type": "string", "enum": ["one", "two", "three"]},
    "size": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
}
RULES = st.sampled_from(
    [
        {"not": {"properties": {"kind": {"const": "one"}}, "required": ["kind"]}},
        {"if": {"properties": {"kind": {"const": "one"}}, "required": ["kind"]}, "then": {"required": ["size"]}},
        {"if": {"properties": {"flag": {"const": True}}, "required": ["flag"]}, "then": {"required": ["size", "kind"]}},
        {"anyOf": [{"properties": {"kind": {"const": "two"}}, "required": ["kind"]}, {"required": ["size"]}]},
    ]
)


def scalars(value: Any) -> dict[Any, Any]:
    return {path: each for path, each in everything(value) if not isinstance(each, (dict, list))}


@given(RULES)
def test_a_near_miss_is_valid_and_next_to_an_invalid_value(rule: Object) -> None:
    schema: Object = {"type": "object", "properties": MEMBERS, **rule}
    rules = oracle(schema)
    node = rules.root.properties["field"]
    constraints = [each for each in node.constraints if each.keyword in COMPOSITE]
    invalid = [each.value for c in constraints for each in invalid_fragments(node, fragment_of(node, c))]
    found = list(nearest(Builder(_alone(schema)), node))
    for value in found:
        assert fits(schema, value)
        apart = [scalars(value).items() ^ scalars(each).items() for each in invalid if value.keys() >= each.keys()]
        assert min(len({path for path, _ in each}) for each in apart) <= 1 + len(value)
    assert len({repr(value) for value in found}) == len(found)


def _alone(schema: Object) -> Any:
    from openapi.schema.oracle import Oracle

    return Oracle(schema, "")


def test_ours_have_near_misses_that_are_valid() -> None:
    from openapi.schema.oracle import Oracle

    count = 0
    for node in ours().root.walk():
        if node.named and node.place:
            rules = Oracle(alone(node), "")
            found = list(nearest(Builder(rules), node))
            assert all(map(rules.is_valid, found))
            count += len(found)
    assert count > 3
