"""Mutants differ from their module in one place that is executed; every module of an area has tests near to it."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from mutation.areas import ROOT, Survivor, read_areas, read_survivors
from mutation.mutants import Mutant, mutants_of

SOURCE = '''"""A module."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    size: int | None = None


def doubled(number: int | str) -> int | None:
    """Return twice a number that is at least 3."""
    if number >= 3:
        return number * 2
    return None
'''


def mutants(folder: Path, source: str = SOURCE) -> list[Mutant]:
    (folder / "module.py").write_text(source)
    return mutants_of(folder, "module.py")


def test_each_mutant_is_another_module_that_can_be_read(tmp_path: Path) -> None:
    found = [each.source for each in mutants(tmp_path)]
    assert len(set(found)) == len(found)
    assert len({ast.dump(ast.parse(each)) for each in [SOURCE, *found]}) == len(found) + 1


def test_what_no_result_depends_on_is_not_changed(tmp_path: Path) -> None:
    found = mutants(tmp_path)
    changed = {each.line for each in found}
    assert changed == {SOURCE[: SOURCE.index(text)].count("\n") + 1 for text in ("if number", "return number")}


@pytest.mark.parametrize(
    ("operator", "after"),
    [
        ("ReturnNothing", "return None"),
        ("ReplaceBinaryOperator_Mul_Add", "return number + 2"),
        ("ReplaceComparisonOperator_GtE_Gt", "if number > 3:"),
        ("AddNot", "if not number >= 3:"),
    ],
)
def test_operators_bounds_conditions_and_results_change(operator: str, after: str, tmp_path: Path) -> None:
    assert after in [each.after for each in mutants(tmp_path) if each.operator == operator]


NAMED = """import json


def read(text):
    try:
        return json.loads(text) + 1
    except json.JSONDecodeError:
        return 3
"""


def test_none_takes_the_place_of_results_and_not_of_what_is_as_false(tmp_path: Path) -> None:
    source = "def f(a):\n    if a:\n        return False\n    return True\n"
    assert [each.line for each in mutants(tmp_path, source) if each.operator == "ReturnNothing"] == [4]


def test_an_exception_that_is_named_by_its_module_is_no_obstacle(tmp_path: Path) -> None:
    assert {"return None", "return 4"} <= {each.after for each in mutants(tmp_path, NAMED)}


def test_a_sample_is_the_same_for_a_seed_and_of_different_places(tmp_path: Path) -> None:
    mutants(tmp_path, SOURCE * 4)
    first, again, other = (mutants_of(tmp_path, "module.py", random.Random(seed), 6) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(first) == 6


def test_every_module_has_tests_near_to_it() -> None:
    areas = read_areas()
    modules = [module for area in areas.areas for module in areas.modules(area)]
    assert len(modules) > 50
    assert [test for module in modules for test in areas.tests(module) if not (ROOT / test).exists()] == []


def test_a_module_without_tests_near_to_it_is_refused() -> None:
    with pytest.raises(LookupError, match=r"no tests for setup\.py"):
        read_areas().tests("setup.py")


def test_a_survivor_is_one_changed_line_or_all_that_an_operator_makes_of_a_line(tmp_path: Path) -> None:
    line, found = "return number * 2", mutants(tmp_path)
    one = Survivor("module.py", line, "accepted", "why", after="return number + 2")
    numbers = Survivor("module.py", line, "accepted", "why", operator="NumberReplacer")
    assert [each.after for each in found if one.is_(each)] == ["return number + 2"]
    changed = {each.after for each in found if numbers.is_(each)}
    assert changed == {each.after for each in found if each.operator == "NumberReplacer" and each.before == line}
    assert len(changed) == 2


@pytest.mark.parametrize(
    "stated",
    [
        {"kind": "accepted", "reason": "why"},
        {"kind": "accepted", "reason": "why", "after": "y", "operator": "AddNot"},
        {"kind": "accepted", "reason": " ", "after": "y"},
        {"kind": "likely", "reason": "why", "after": "y"},
    ],
)
def test_a_survivor_needs_a_kind_a_reason_and_what_it_is(stated: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="needed"):
        Survivor("module.py", "x", **stated)


def test_every_listed_survivor_is_still_in_the_code() -> None:
    lines = {
        each.module: {line.strip() for line in (ROOT / each.module).read_text(encoding="utf-8").splitlines()}
        for each in read_survivors()
    }
    assert [each for each in read_survivors() if each.before not in lines[each.module]] == []
