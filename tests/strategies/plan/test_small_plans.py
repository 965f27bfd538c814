"""Plans of small descriptions: both sides of every rule, the same each time, and the same from the cache."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from openapi.catalogue import Catalogue
from openapi.schema.paths import at
from strategies.case import Case, Side, dumps
from strategies.plan.all_invalid import ALL_INVALID, all_invalid
from strategies.plan.cache import cached_plan, default_folder, store
from strategies.plan.corpus import slimmed, traits
from strategies.plan.mutators import mutated
from strategies.plan.plan import Plan
from strategies.plan.shared import SharedPlan
from tests.openapi.synthetic import catalogued
from tests.strategies.schemas import Object, errors, fits, keywords

ITEM: Object = {"type": "object", "properties": {"key": {"type": "string"}, "on": {"type": "boolean"}}, "required": ["key"]}
BODY: Object = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0, "maximum": 1},
        "count": {"type": "integer", "minimum": 1},
        "kind": {"type": "string", "enum": ["KIND_ONE", "KIND_TWO"]},
        "wait": {"type": "string", "pattern": "^[0-9]{1,3}s$"},
        "items": {"type": "array", "items": ITEM, "maxItems": 3},
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "free": {"type": "object"},
        "some": {"type": "string", "enum": ["A", "B"], "x-implementation-defined": {"const": "B"}},
    },
    "required": ["count"],
}


@cache
def catalogue() -> Catalogue:
    return catalogued(BODY)


def plan(*, few: bool = True) -> Plan:
    return Plan(catalogue(), few=few)


def cases(of: Plan) -> list[Case]:
    planned = [*of.accepts(), *of.pairs(), *of.combinations(5), *of.may(), *of.each_may(), *of.rejects()]
    return [*planned, *of.in_context(), *of.deep_in_lists(), *mutated(of, 2), *all_invalid(of)]


@pytest.mark.parametrize("few", [True, False])
def test_every_keyword_is_tried_from_both_sides(few: bool) -> None:
    rejected = {case.rule for case in plan(few=few).rejects()}
    assert {rule for rule in keywords(BODY) if not rule.startswith("body.some.x-")} == rejected
    accepted = {aim.rule for case in plan(few=few).accepts() for aim in case.aims}
    limits = {rule for rule in keywords(BODY) if rule.rpartition(".")[2] in ("minimum", "maximum", "enum", "pattern")}
    assert limits <= accepted


def test_what_must_be_accepted_is_valid_and_what_must_be_refused_has_one_error() -> None:
    of = plan(few=False)
    for case in (*of.accepts(), *of.pairs(), *of.combinations(20), *of.may(), *of.each_may()):
        assert fits(BODY, case.body), case.id
    for case in (*of.rejects(), *of.in_context(), *of.deep_in_lists()):
        places = {path for path, _ in errors(BODY, case.body)}
        assert len(places) == 1, case.id
        assert case.rule.endswith((".required", ".propertyNames")) or places == {case.offending_path}, case.id


def test_where_requests_are_scarce_fewer_are_made_and_none_is_new() -> None:
    few, many = ([dumps(case.body) for case in plan(few=few).rejects()] for few in (True, False))
    assert {*few} < {*many}


def test_a_plan_is_the_same_each_time() -> None:
    assert cases(plan()) == cases(plan())


def test_a_stored_plan_makes_the_same_cases_without_planning(tmp_path: Path) -> None:
    first = plan()
    made = cases(first)
    assert first.corpus.rich_bodies
    store(first, tmp_path)
    again = cached_plan(catalogue(), few=True, folder=tmp_path)
    assert {"violations", "paired", "implementation_defined", "corpus"} <= vars(again).keys()
    assert again.maker.known(again.oracle.root) is not None
    assert cases(again) == made
    assert again.corpus == first.corpus


def test_what_was_not_planned_is_not_stored(tmp_path: Path) -> None:
    store(plan(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_files_are_kept(tmp_path: Path) -> None:
    for index in range(20):
        (tmp_path / f"plan-{index}.json").write_text("{}")
    of = plan()
    assert cases(of)
    store(of, tmp_path)
    assert len(list(tmp_path.iterdir())) == 12


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder().parent == tmp_path
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder().parent == Path.home() / ".cache"


def test_a_shared_plan_makes_the_same_cases_once() -> None:
    shared = SharedPlan(catalogue(), few=True)
    for name in ("accepts", "pairs", "may", "each_may", "rejects", "in_context", "deep_in_lists"):
        assert list(getattr(shared, name)()) == list(getattr(plan(), name)())
    assert [id(each) for each in shared.rejects()] == [id(each) for each in shared.rejects()]


def test_each_mutator_changes_one_place() -> None:
    found = [*mutated(plan(), 50)]
    assert len({case.rule for case in found}) > 20
    count = 0
    for case in found:
        assert case.offending_path is not None
        assert case.side is Side.PROBE
        try:
            body = json.loads(case.content or b"", strict=False)
        except (ValueError, RecursionError):
            continue  # no JSON, or too deep for this parser, on purpose
        others = {name: body[name] for name in body.keys() & BODY["properties"].keys() - set(case.offending_path[:1])}
        assert fits(BODY, {"count": 1, **others}), case.rule
        count += 1
    assert count > 20


def test_unknown_members_have_long_and_odd_names_in_the_body_and_inside() -> None:
    found = [case for case in mutated(plan(), 50) if case.rule.startswith("observed.key-unknown-")]
    assert {case.offending_path for case in found} > {()}
    names = {name for case in found if case.offending_path == () for name in json.loads(case.content or b"")}
    assert {"", "__proto__", "\u0000"} < names
    assert [any(len(name) > limit for name in names) for limit in (256, 65_536)] == [True, True]


def test_a_mutator_is_tried_at_so_many_fields_at_most() -> None:
    for count in (1, 3):
        found = [case.rule for case in mutated(plan(), count)]
        assert {found.count(rule) for rule in found} <= set(range(1, count + 1))
        assert max(map(found.count, found)) == count


def test_every_member_of_a_body_is_invalid_at_once() -> None:
    found = [*all_invalid(plan())]
    assert {case.rule for case in found} == {ALL_INVALID}
    assert len({dumps(case.body) for case in found}) == len(found) == 6
    for case in found:
        invalid = {path[0] for path, _ in errors(BODY, case.body) if path}
        assert invalid >= {"rate", "kind", "wait"}


def test_the_corpus_has_every_property_and_every_member_that_must_be_accepted() -> None:
    corpus, root = plan().corpus, plan().oracle.root
    assert all(fits(BODY, {"count": 1, **body}) for body in corpus.rich_bodies)
    met = {trait for body in corpus.rich_bodies for trait in traits(body, root)}
    assert {("kind", "KIND_ONE"), ("kind", "KIND_TWO"), ("some", "A"), ("items.*.on", ""), ("tags.*", "")} <= met
    assert all(fits(BODY, body) and at(body, path) is not None for body, path in corpus.places.values())
    assert all(map(plan().oracle.is_valid, corpus.known))
    sizes = [len(str(body)) for body in corpus.known]
    assert sizes == sorted(sizes)


def test_what_is_slimmed_is_short_and_of_the_same_shape() -> None:
    wide: Any = {f"k{index}": ["x" * 500] * 9 for index in range(50)}
    slim = slimmed(wide)
    assert len(slim) == 30
    assert {len(each) for each in slim.values()} == {5}
    assert {len(text) for each in slim.values() for text in each} == {40}
    assert slimmed({"a": [1, "x" * 400]}) == {"a": [1, "x" * 400]}


def test_a_violation_stands_among_as_many_other_members_as_fit() -> None:
    assert any(len(case.body) >= 6 for case in plan().in_context())
    assert any(len(case.body["items"]) > 2 for case in plan().deep_in_lists() if "items" in case.body)


def test_cases_of_a_kind_have_labels_of_their_own() -> None:
    for found in (plan().combinations(9), plan().pairs()):
        labels = [case.label for case in found]
        assert len(set(labels)) == len(labels) > 1
