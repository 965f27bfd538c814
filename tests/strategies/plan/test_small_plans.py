"""Plans of small descriptions: both sides of every rule, the same each time, and the same from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from strategies.case import dumps
from strategies.plan.budget import LIKELIEST
from strategies.plan.cache import cached_plan, default_folder, store
from tests.strategies.plan.small import BODY, cases, catalogue, plan
from tests.strategies.schemas import errors, fits, keywords


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
    store(first, tmp_path)
    again = cached_plan(catalogue(), LIKELIEST, tmp_path)
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
    assert default_folder() == tmp_path / "ultravox-conformance"


def test_a_violation_stands_among_as_many_other_members_as_fit() -> None:
    assert any(len(case.body) >= 6 for case in plan().in_context())
    assert any(len(case.body["items"]) > 2 for case in plan().deep_in_lists() if "items" in case.body)


def test_cases_of_a_kind_have_labels_of_their_own() -> None:
    for found in (plan().combinations(9), plan().pairs()):
        labels = [case.label for case in found]
        assert len(set(labels)) == len(labels) > 1
