"""The measurement of the third generator: trials by phases, and what another generator adds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.size import TINY
from benchmarks.third_generator import _OURS, GENERATORS, Measured, findings, main, measure
from conformance.selfcheck.trials import Trial

_FAULT = "temperature-negative"


def trial(name: str, *, caught: bool) -> Trial:
    return Trial(
        name=name,
        family="minimum",
        summary="",
        expects=("a",),
        failed=("a",) if caught else (),
        outcome="fails",
        reason=None,
        requests=10,
        seconds=0.5,
        whole=True,
    )


def test_what_another_generator_adds_is_counted_and_named() -> None:
    ours = Measured({"one": trial("one", caught=True), "two": trial("two", caught=False)}, [], 3)
    other = Measured({"one": trial("one", caught=False), "two": trial("two", caught=True)}, ["plain seed 1"], 3)
    found = findings({_OURS: ours, "other": other})
    rows = [[_OURS, 2, 1, 1, 0, 10, 0.5, 0.5, "0 of 3"], ["other", 2, 1, 1, 1, 10, 0.5, 0.5, "1 of 3"]]
    assert list(map(list, found.tables[0].rows)) == rows
    missed, accused = found.notes
    assert missed == "Missed by the planned bodies and caught by another generator: two."
    assert accused == "Accused by other: plain seed 1."


def test_a_generator_sends_its_own_phase_alone() -> None:
    third = next(each for each in GENERATORS if "third" in each.name)
    measured = measure(replace(third, bodies=3), [_FAULT], [], 1, TINY.properties)
    assert 0 < measured.trials[_FAULT].requests < 40
    assert (measured.trials[_FAULT].family, measured.conforming) == ("accepts-invalid", 0)


@pytest.mark.slow
def test_the_page_is_written(tmp_path: Path) -> None:
    assert main(["--tiny", "--out", str(tmp_path / "page.md")]) == 0
    page = (tmp_path / "page.md").read_text()
    assert all(each.name in page for each in GENERATORS)
