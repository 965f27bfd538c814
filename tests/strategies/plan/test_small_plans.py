"""Plans of small descriptions: both sides of every rule, the same each time, and the same from the cache."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.schema.paths import at
from strategies.case import Case, dumps
from strategies.negative.violations import ALONGSIDE, COERCED
from strategies.plan.budget import LIKELIEST
from strategies.plan.cache import cached_plan, default_folder, store
from strategies.plan.plan import Plan
from tests.openapi.synthetic import catalogued, description, written
from tests.strategies.plan.small import BODY, cases, catalogue, plan, planned
from tests.strategies.schemas import Object, errors, fits, keywords


@pytest.mark.parametrize("few", [True, False])
def test_every_keyword_is_tried_from_both_sides(few: bool) -> None:
    rejected = {case.rule for case in plan(few=few).rejects()}
    assert {rule for rule in keywords(BODY) if not rule.startswith("body.some.x-")} == rejected
    accepted = {aim.rule for case in plan(few=few).accepts() for aim in case.aims}
    limits = {rule for rule in keywords(BODY) if rule.rpartition(".")[2] in ("minimum", "maximum", "enum", "pattern")}
    assert limits <= accepted


def test_what_must_be_accepted_is_valid_and_what_must_be_refused_has_one_error() -> None:
    of = plan(few=False)
    for case in (*of.accepts(), *of.pairs(), *of.combinations(20), *of.may()):
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
    folder = tmp_path / "a cache" / "of a user who has none yet"
    store(first, folder)
    again = cached_plan(catalogue(), LIKELIEST, folder)
    assert {"violations", "paired", "implementation_defined", "corpus"} <= vars(again).keys()
    assert again.maker.known(again.oracle.root) is not None
    assert cases(again) == made
    assert again.corpus == first.corpus


def test_members_in_another_order_are_another_plan(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    first = Plan(catalogue_of(load_contract(written(tmp_path, description(BODY)))), LIKELIEST)
    assert cases(first)
    store(first, folder)
    in_reverse = {**BODY, "properties": dict(reversed(BODY["properties"].items()))}
    same_file = written(tmp_path, description(in_reverse))
    again = cached_plan(catalogue_of(load_contract(same_file)), LIKELIEST, folder)
    assert again.maker.known(again.oracle.root) is None
    assert "violations" not in vars(again)


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
    assert default_folder() == tmp_path / "ultravox-conformance"


def test_a_violation_stands_among_as_many_other_members_as_fit() -> None:
    assert any(len(case.body) >= 6 for case in plan().in_context())
    assert any(len(case.body["items"]) > 2 for case in plan().deep_in_lists() if "items" in case.body)


def test_cases_of_a_kind_have_labels_of_their_own() -> None:
    for found in (plan().combinations(9), plan().pairs()):
        labels = [case.label for case in found]
        assert len(set(labels)) == len(labels) > 1


def test_of_each_rule_the_likeliest_violations_are_sent_and_no_more_than_the_budget_has() -> None:
    of = planned()
    sent: dict[str, list[Case]] = defaultdict(list)
    for case in of.rejects():
        sent[case.rule].append(case)
    assert sent.keys() == {rule for rule in of.violations if of.budget.of(rule.rpartition(".")[2]) != 0}
    for rule, found in of.violations.items():
        node, keyword = of.oracle.root.at(found[0].path), rule.rpartition(".")[2]
        is_open = keyword == "type" and node is not None and node.is_open
        most = len(found) if not found[0].path else of.budget.others if is_open else of.budget.of(keyword) or 0
        assert [case.body for case in sent[rule]][:most] == [each.body for each in found][:most]
        further = [case.label for case in sent[rule][most:]]
        alongside = [label for label in further if label.startswith(ALONGSIDE)]
        coerced = [label for label in further if label.startswith(COERCED)]
        assert len(further) == len(alongside) + len(coerced)
        assert len(coerced) <= (LIKELIEST.coerced or 0)


def test_combinations_hold_what_they_aim_at_and_differ_from_one_to_the_next() -> None:
    found = list(planned().combinations(12))
    assert len(found) == 12
    for case in found:
        assert {aim.path[0] for aim in case.aims} <= case.body.keys()
        assert all(at(case.body, aim.path) is not None for aim in case.aims)
    names = planned().oracle.root.properties.keys() - {"free"}
    for one, other in pairwise(found):
        assert sum(one.body.get(name) != other.body.get(name) for name in names) >= 3
    assert list(planned().combinations(0)) == []


def test_in_context_a_violation_stays_what_it_is_and_stands_among_others() -> None:
    of = planned()
    for case in (*of.in_context(), *of.deep_in_lists()):
        violated = of.oracle.violated(case.body)
        assert case.offending_path in violated[case.rule]
        assert {rule.rpartition(".")[0] for rule in violated} == {case.rule.rpartition(".")[0]}
    places = {of.oracle.place(case.offending_path or ()).partition(".")[0] for case in of.deep_in_lists()}
    assert places == {"items", "tags"}


def test_violations_of_types_begin_with_another_kind_at_each_field() -> None:
    of = planned()
    found = [same for rule, same in of.violations.items() if rule.endswith(".type") and same[0].path]
    texts = [same for same in found if (node := of.oracle.root.at(same[0].path)) is not None and node.types == {"string"}]
    assert len({same[0].label for same in texts}) > 1


def test_what_may_be_refused_goes_by_its_reason_or_by_its_field_where_some_values_are_known() -> None:
    fields: Object = {
        "name": {"type": "string", "x-known-values": ["known"]},
        "some": {"type": "string", "enum": ["A", "B"], "x-implementation-defined": {"const": "B"}},
    }
    of = Plan(catalogued({"type": "object", "properties": fields}))
    found = {label: {path[0] for _, path, _ in same} for label, same in of.implementation_defined.items()}
    assert found == {"unknown value of name": {"name"}, "member B": {"some"}}
