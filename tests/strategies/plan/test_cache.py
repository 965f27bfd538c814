"""A plan that was kept makes the same cases as a new one, and whatever happens to the file, there is a plan."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from strategies.case import Case
from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.cache import cached_plan, store
from strategies.plan.plan import Plan
from tests.conformance.sessions import ORDERS


@functools.cache
def catalogue() -> Catalogue:
    return catalogue_of(load_contract(str(ORDERS), []))


@functools.cache
def made() -> tuple[Plan, list[Case]]:
    plan = Plan(catalogue())
    found = cases(plan)
    assert len(found) > 100
    return plan, found


def planned() -> Plan:
    return made()[0]


def cases(plan: Plan) -> list[Case]:
    return [*plan.accepts(), *plan.pairs(), *plan.combinations(2), *plan.may(), *plan.rejects(), *plan.deep_in_lists()]


def test_a_kept_plan_makes_the_same_cases(tmp_path: Path) -> None:
    store(planned(), tmp_path)
    kept = cached_plan(catalogue(), LIKELIEST, tmp_path)
    assert kept.maker.known(kept.oracle.root) is not None
    assert cases(kept) == made()[1]


def test_what_bodies_are_drawn_from_is_kept_as_well(tmp_path: Path) -> None:
    assert planned().corpus.rich_bodies
    store(planned(), tmp_path)
    kept = cached_plan(catalogue(), LIKELIEST, tmp_path)
    assert vars(kept)["corpus"] == planned().corpus


def test_another_plan_is_another_file(tmp_path: Path) -> None:
    store(planned(), tmp_path)
    other = cached_plan(catalogue(), EVERY, tmp_path)
    assert other.maker.known(other.oracle.root) is None


@pytest.mark.parametrize("damaged", [b"", b"{}", b"[1]", b'{"rows": {"": 1}}', b"\xff"])
def test_a_damaged_file_is_planned_anew(tmp_path: Path, damaged: bytes) -> None:
    store(planned(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damaged)
    plan = cached_plan(catalogue(), LIKELIEST, tmp_path)
    assert plan.maker.known(plan.oracle.root) is None
    assert "violations" not in vars(plan)


def test_where_nothing_can_be_written_there_is_a_plan_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store(planned(), tmp_path / "file")
    assert cached_plan(catalogue(), LIKELIEST, tmp_path / "file").few


def test_what_was_not_planned_to_the_end_is_not_kept(tmp_path: Path) -> None:
    store(Plan(catalogue()), tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_was_confirmed_is_kept_and_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strategies.plan.verification._MANY", 100)  # the description is small
    assert planned().violations
    store(planned(), tmp_path)
    first = cached_plan(catalogue(), LIKELIEST, tmp_path)
    assert not first.verification.known
    assert all(first.verification.mislabelled(each) is None for each in made()[1])
    store(first, tmp_path)
    second = cached_plan(catalogue(), LIKELIEST, tmp_path)
    assert second.verification.known == first.verification.known
    assert not second.verification.are_many_new
