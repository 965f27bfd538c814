"""Every benchmark still works: each is run once in its tiny configuration. No figure is judged, for that is the machine's."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.cases import Rates
from benchmarks.descriptions import catalogue, multiplied, written
from benchmarks.findings import Findings, Ratio, Table, shown
from benchmarks.results import page, section
from benchmarks.size import TINY, Size
from benchmarks.timing import interleaved
from openapi import load_contract
from openapi.catalogue import catalogue_of


@pytest.mark.parametrize(
    "name", [each if each == "economy" else pytest.param(each, marks=pytest.mark.slow) for each in BENCHMARKS]
)
def test_every_benchmark_comes_to_figures(name: str) -> None:
    found = BENCHMARKS[name](TINY)
    figures = [cell for table in found.tables for row in table.rows for cell in row if isinstance(cell, int | float)]
    assert figures
    assert found.ratios
    assert all(math.isfinite(each) and each >= 0 for each in (*figures, *(ratio.value for ratio in found.ratios)))
    assert all(len(row) == len(table.columns) for table in found.tables for row in table.rows)


def test_a_run_is_printed_and_written_where_it_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, sizes = tmp_path / "results.md", list[Size]()

    def measure(size: Size) -> Findings:
        sizes.append(size)
        return Findings((Table("Seconds", ("what", "seconds"), (("--help", 0.1),)),), (Ratio(what="r", value=1),))

    monkeypatch.setitem(BENCHMARKS, "startup", measure)
    assert main(["--tiny", "--only", "startup", "--out", str(out)]) == 0
    assert sizes == [TINY]
    assert "## Startup" in capsys.readouterr().out
    text = out.read_text(encoding="utf-8")
    assert all(f"{name} " in text for name in ("Python", "hypothesis", "schemathesis", "httpx", "uvicorn", "Prism"))
    assert str(Path.home()) not in text


def test_measures_are_taken_in_turns_and_the_median_counts() -> None:
    taken: list[str] = []
    values = iter([1.0, 9.0, 2.0, 8.0, 6.0, 7.0])

    def measure(name: str) -> float:
        taken.append(name)
        return next(values)

    assert interleaved({"a": lambda: measure("a"), "b": lambda: measure("b")}, 3) == {"a": 2.0, "b": 8.0}
    assert taken == ["a", "b", "a", "b", "a", "b"]


def test_a_run_is_held_against_the_quickest_other_round_by_round() -> None:
    # The machine was half as quick in the second round.
    rates = Rates(0.0, {("run", 1): [80.0, 35.0, 90.0], ("slow", 1): [99.0, 49.0, 99.0], ("quick", 1): [100.0, 50.0, 100.0]})
    assert rates.against(("run", 1), [("slow", 1), ("quick", 1)]) == 0.8
    assert rates.found["run", 1] == 80.0


@pytest.mark.parametrize(
    ("ratio", "holds", "bound"),
    [
        (Ratio(what="", value=2.0), True, ""),
        (Ratio(what="", value=2.0, at_least=2.0), True, "at least 2"),
        (Ratio(what="", value=1.9, at_least=2.0), False, "at least 2"),
        (Ratio(what="", value=1.4, at_most=1.5), True, "at most 1.5"),
        (Ratio(what="", value=1.6, at_most=1.5), False, "at most 1.5"),
    ],
)
def test_a_ratio_knows_its_bound(ratio: Ratio, holds: bool, bound: str) -> None:
    assert (ratio.holds, ratio.bound) == (holds, bound)


def test_a_missed_bound_stands_out() -> None:
    found = Findings(
        (Table("Speeds", ("what", "1/s"), (("ours", 1234.5),)),), (Ratio(what="r", value=1, at_least=2),), ("So.",)
    )
    ratios, title, table, note = section(found)
    assert "**missed**" in ratios
    assert (title, note) == ("Speeds:", "So.")
    assert "1,234" in table
    assert page({"Speed": found}, 60).count("## Speed") == 1


@pytest.mark.parametrize(("cell", "text"), [("a", "a"), (3.0, "3"), (1234.56, "1,235"), (0.01234, "0.0123"), (12, "12")])
def test_figures_are_short(cell: str | float, text: str) -> None:
    assert shown(cell) == text


def test_a_description_is_multiplied(tmp_path: Path) -> None:
    twice = catalogue_of(load_contract(str(written(tmp_path, multiplied(2))), []))
    assert len(twice.body.properties) == 2 * len(catalogue().body.properties)
    assert set(catalogue().body.properties) < set(twice.body.properties)
    few = catalogue_of(load_contract(str(written(tmp_path, multiplied(2, 3))), []))
    assert len(few.body.properties) == 6
