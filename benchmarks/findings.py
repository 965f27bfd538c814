"""The result of a benchmark: tables of figures, and ratios with the bounds that they are to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | float


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; the first column names what was measured, the others say their unit in their title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A figure that does not depend on the machine, with its bound if it has one."""

    what: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bound(self) -> str:
        """Return the bound in words, empty if there is none."""
        if self.at_least is not None:
            return f"at least {shown(self.at_least)}"
        return "" if self.at_most is None else f"at most {shown(self.at_most)}"

    @property
    def holds(self) -> bool:
        """Return whether the bound is kept; True where there is none."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one benchmark found; `notes` show how, and what could not be measured."""

    tables: tuple[Table, ...]
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[str, ...] = ()


def shown(cell: Cell) -> str:
    """Return a figure with three digits that show something."""
    if isinstance(cell, str):
        return cell
    return f"{cell:,.0f}" if abs(cell) >= 100 or cell == int(cell) else f"{cell:,.3g}"
