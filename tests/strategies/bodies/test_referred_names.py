"""Names that refer find their targets, names that must differ do, and names that refer to nothing can be taken out."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.name_references import reference_of
from openapi.schema.oracle import Oracle
from strategies.bodies.builder import Builder
from strategies.bodies.referred_names import distinct, referring, renamed, unreferring
from tests.strategies.schemas import Object, ours

NAMES = st.lists(st.sampled_from(["same", "other", "third", "x" * 60]), max_size=6)


@given(NAMES)
def test_of_several_with_one_name_all_but_the_first_get_another(names: list[str]) -> None:
    found = renamed([{"id": name, "kept": index} for index, name in enumerate(names)], ["/id"])
    ids = [each["id"] for each in found]
    assert len(set(ids)) == len(ids)
    assert [each["kept"] for each in found] == list(range(len(names)))
    first = [names.index(name) == index for index, name in enumerate(names)]
    assert [one == other for one, other in zip(ids, names, strict=True)] == first


def test_a_name_by_another_pointer_is_the_same_name() -> None:
    found = renamed([{"id": "a"}, {"alias": "a"}, {"none": "a"}], ["/id", "/alias"])
    assert found[0] == {"id": "a"}
    assert found[1]["alias"] != "a"
    assert found[2] == {"none": "a"}


def referring_nodes() -> list[Any]:
    return [node for node in ours().root.walk() if node.get("x-refers")]


def unmet(node: Any, value: Any) -> list[str]:
    return [name for each in node.get("x-refers") for name in reference_of(each).unmet(value)]


def violated_by_name() -> list[tuple[Any, Any]]:
    """Each node of ours whose names refer, with a value in which one refers to nothing."""
    from strategies.negative.by_keyword import INVALID

    found = []
    for node in referring_nodes():
        constraint = next(each for each in node.constraints if each.keyword == "x-refers")
        found += [(node, each.value) for each in INVALID["x-refers"](node, constraint)]
    return found


def test_every_reference_of_ours_is_violated_by_an_unmet_name() -> None:
    found = {node.path for node, value in violated_by_name() if unmet(node, value)}
    assert found == {node.path for node in referring_nodes()} != set()


def test_each_unmet_name_finds_its_target_in_some_form() -> None:
    for node, value in violated_by_name():
        if not unmet(node, value):
            continue
        met = [each for each in referring(node, value) if not unmet(node, each)]
        assert met, (node.path, value)


def test_names_without_a_target_are_taken_out_and_nothing_else_is() -> None:
    for node, value in violated_by_name():
        left = unreferring(node, value)
        assert unmet(node, left) == []
        assert unreferring(node, left) == left


def test_a_body_with_unmet_names_is_completed_to_a_valid_one() -> None:
    builder, completed = Builder(ours()), 0
    for node, value in violated_by_name():
        found = builder.complete(value) if not node.place else None
        completed += found is not None
        assert found is None or ours().is_valid(found)
    assert completed or all(node.place for node, _ in violated_by_name())


DISTINCT: Object = {
    "type": "object",
    "properties": {
        "one": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "other": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
    },
    "x-distinct": [{"at": "/one/*", "name": "/name"}, {"at": "/other/*", "name": "/name"}],
}


@given(NAMES, NAMES)
def test_a_name_that_occurs_again_becomes_another(one: list[str], other: list[str]) -> None:
    node = Oracle({"type": "object", "properties": {"field": DISTINCT}}, "body").root.properties["field"]
    value = {"one": [{"name": each} for each in one], "other": [{"name": each} for each in other]}
    found = distinct(node, value)
    names = [each["name"] for key in ("one", "other") for each in found[key]]
    assert len(set(names)) == len(names)
    assert [len(found[key]) for key in ("one", "other")] == [len(one), len(other)]


REFERRING: Object = {
    "type": "object",
    "properties": {
        "given": {"type": "object", "additionalProperties": {"type": "string"}},
        "named": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "listed": {"type": "array", "items": {"type": "string"}},
        "text": {"type": "string"},
    },
    "x-refers": [
        {
            "names": ["/given", "/listed", {"at": "/text", "between": ["{", "}"]}],
            "to": [{"at": "/named/*", "name": "/name"}],
        }
    ],
}


def test_keys_items_and_marked_names_without_a_target_go_and_all_others_stay() -> None:
    node = Oracle({"type": "object", "properties": {"field": REFERRING}}, "body").root.properties["field"]
    value = {
        "given": {"known": "kept", "lost": "gone"},
        "listed": ["lost", "known"],
        "text": "a {known} and {lost}",
        "named": [{"name": "known"}],
    }
    assert unreferring(node, value) == {
        "given": {"known": "kept"},
        "listed": ["known"],
        "text": "a {known} and ",
        "named": [{"name": "known"}],
    }
    for found in referring(node, value):
        assert unmet(node, found) == []
        assert {"known", "lost"} == {each["name"] for each in found["named"]}
        assert {key: found[key] for key in ("given", "listed", "text")} == {
            key: value[key] for key in ("given", "listed", "text")
        }
