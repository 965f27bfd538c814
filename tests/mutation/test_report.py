"""The file of figures: a run replaces its own areas, keeps the others, and names every hole."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutation.__main__ import summed
from mutation.report import Figures, Origin, write

CHECKS = Figures(killed=37, listed=1, holes=("checks/echo.py:3 AddNot: 'if a:' -> 'if not a:'", "another"))
RESULTS = Figures(killed=40, listed=0, holes=())
DAY = Origin("2026-01-02", 40, 7)


def test_shares_are_of_the_mutants_that_are_not_listed() -> None:
    assert (CHECKS.mutants, round(CHECKS.share, 3)) == (40, 0.949)
    assert Figures(killed=0, listed=3, holes=()).share == 1
    assert Figures(killed=0, listed=3, holes=("one",)).share == 0


def test_each_area_has_a_row_and_each_hole_a_line(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    write(file, {"checks": CHECKS, "results": RESULTS}, DAY)
    text = file.read_text()
    assert "| checks | 2026-01-02 | 40 | 7 | 40 | 37 | 1 | 2 | 95% |" in text
    assert "| results | 2026-01-02 | 40 | 7 | 40 | 40 | 0 | 0 | 100% |" in text
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        f"- checks: `{hole}`" for hole in sorted(CHECKS.holes)
    ]


def test_another_run_replaces_its_own_areas_alone(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    write(file, {"checks": CHECKS, "results": RESULTS}, DAY)
    write(file, {"checks": Figures(killed=9, listed=0, holes=())}, Origin("2026-02-03", None, 1))
    rows = [line for line in file.read_text().splitlines() if line.startswith("| ") and "---" not in line]
    assert rows[1:] == [
        "| checks | 2026-02-03 | all | 1 | 9 | 9 | 0 | 0 | 100% |",
        "| results | 2026-01-02 | 40 | 7 | 40 | 40 | 0 | 0 | 100% |",
    ]
    assert "Holes" not in file.read_text()


@pytest.mark.parametrize(
    ("figures", "status"),
    [
        ({"checks": CHECKS, "results": RESULTS}, 0),
        ({"checks": Figures(17, 0, ("a", "b", "c")), "results": RESULTS}, 1),
        ({"checks": Figures(4, 0, ("a",)), "results": RESULTS}, 0),
        ({"checks": Figures(4, 0, ("a",))}, 1),
    ],
)
def test_each_area_of_many_mutants_has_to_reach_the_share(
    figures: dict[str, Figures], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summed(figures, 0.9) == status
    assert ("too few in checks" in capsys.readouterr().out) is (len(figures["checks"].holes) == 3)
