"""A plan that makes its cases once and hands out the same ones again, for many runs in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from strategies.cases import Case
from strategies.plan import Plan


@dataclass(frozen=True)
class KeptPlan(Plan):
    """A plan whose cases are kept. Cases are frozen, so that runs can share them."""

    _kept: dict[str, list[Case]] = field(default_factory=dict)

    def accepts(self) -> Iterator[Case]:
        """See :meth:`Plan.accepts`."""
        return self._once("accepts", super().accepts)

    def pairs(self) -> Iterator[Case]:
        """See :meth:`Plan.pairs`."""
        return self._once("pairs", super().pairs)

    def combinations(self, rounds: int) -> Iterator[Case]:
        """See :meth:`Plan.combinations`."""
        make = super().combinations
        return self._once(f"combinations {rounds}", lambda: make(rounds))

    def may(self) -> Iterator[Case]:
        """See :meth:`Plan.may`."""
        return self._once("may", super().may)

    def each_may(self) -> Iterator[Case]:
        """See :meth:`Plan.each_may`."""
        return self._once("each may", super().each_may)

    def rejects(self) -> Iterator[Case]:
        """See :meth:`Plan.rejects`."""
        return self._once("rejects", super().rejects)

    def amid_others(self) -> Iterator[Case]:
        """See :meth:`Plan.amid_others`."""
        return self._once("amid others", super().amid_others)

    def _once(self, name: str, make: Callable[[], Iterator[Case]]) -> Iterator[Case]:
        if name not in self._kept:
            self._kept[name] = list(make())
        return iter(self._kept[name])
