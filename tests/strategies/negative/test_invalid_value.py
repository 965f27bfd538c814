"""Invalid values of one keyword: each with a label that a report can show, and no two equal."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.schema.nodes import Constraint, Node
from strategies.negative.by_keyword import INVALID
from strategies.negative.invalid_value import InvalidValue
from tests.strategies.schemas import ours


def of_ours() -> Iterator[tuple[Node, Constraint, list[InvalidValue]]]:
    """Each constraint of our contract with the invalid values that are made for it."""
    for node in ours().root.walk():
        for constraint in node.constraints:
            if constraint.keyword in INVALID:
                yield node, constraint, list(INVALID[constraint.keyword](node, constraint))


def test_labels_are_short_lines_of_printable_text() -> None:
    count = 0
    for node, constraint, found in of_ours():
        for each in found:
            assert each.label, (node.path, constraint.keyword)
            assert "\n" not in each.label
            assert len(each.label) < 400
            count += 1
    assert count > 1000


def test_equal_labels_of_one_keyword_mean_values_of_one_kind() -> None:
    for node, constraint, found in of_ours():
        kinds: dict[str, set[type]] = {}
        for each in found:
            kinds.setdefault(each.label, set()).add(type(each.value))
        assert all(len(each) == 1 for each in kinds.values()), (node.path, constraint.keyword)


def test_values_are_equal_where_value_and_label_are() -> None:
    assert InvalidValue(1, "one") == InvalidValue(1, "one")
    assert InvalidValue(1, "one") != InvalidValue(1, "another")
    assert InvalidValue(1, "one") != InvalidValue(2, "one")
