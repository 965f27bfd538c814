"""The figures of each area in a Markdown file; a run replaces those of its own areas and keeps the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_HEAD = """# Mutants

Written by `python -m mutation --report {name}`. *Listed* survivors stand in [survivors.yaml](survivors.yaml) with their
reason. A *hole* is a survivor that nothing explains.

| area | date | sample | seed | mutants | killed | listed | holes | killed of those not listed |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
_HOLES = "\n## Holes\n\n"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of an area's mutants, and the survivors that are not listed."""

    killed: int
    listed: int
    holes: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the share of mutants killed of those that are not listed; 1 without any."""
        counted = self.killed + len(self.holes)
        return self.killed / counted if counted else 1.0

    @property
    def mutants(self) -> int:
        """Return the count of mutants tried."""
        return self.killed + self.listed + len(self.holes)


@dataclass(frozen=True, slots=True)
class Origin:
    """The day of a run, and how it chose its mutants; without a sample all of them."""

    day: str
    sample: int | None
    seed: int


def write(path: Path, found: Mapping[str, Figures], origin: Origin) -> None:
    """Write the figures of the areas to a file, in place of older ones of the same areas."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [line for line in lines if line.startswith("| ") and not _area(line, found) and not line.startswith("| area ")]
    rows = [*(line for line in kept if not line.startswith("| ---")), *(_row(*each, origin) for each in found.items())]
    holes = [line for line in lines if line.startswith("- ") and line[2:].partition(":")[0] not in found]
    holes += [f"- {area}: `{hole}`" for area, figures in found.items() for hole in figures.holes]
    text = _HEAD.format(name=path.as_posix()) + "".join(f"{row}\n" for row in sorted(rows))
    path.write_text(text + (_HOLES + "".join(f"{hole}\n" for hole in sorted(holes)) if holes else ""), encoding="utf-8")


def _area(line: str, found: Mapping[str, Figures]) -> bool:
    return line.split("|")[1].strip() in found


def _row(area: str, figures: Figures, origin: Origin) -> str:
    counts: Sequence[object] = (figures.mutants, figures.killed, figures.listed, len(figures.holes))
    cells = (area, origin.day, origin.sample or "all", origin.seed, *counts, f"{figures.share:.0%}")
    return "| " + " | ".join(map(str, cells)) + " |"
