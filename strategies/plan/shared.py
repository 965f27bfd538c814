"""A plan that makes its cases once and returns the same ones again, for many runs in one process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from strategies.case import Case
from strategies.plan.plan import Plan, T

_MOST = 24  # lists, the least recently used forgotten first: what is drawn differs from seed to seed


@dataclass(frozen=True)
class SharedPlan(Plan):
    """A plan whose cases are cached. Cases are frozen, so runs can share them."""

    _kept: OrderedDict[str, list[Any]] = field(default_factory=OrderedDict, init=False)  # `replace` begins a new one
    _lacking: dict[frozenset[str], SharedPlan] = field(default_factory=dict, init=False)

    def accepts(self) -> Iterator[Case]:
        """See :meth:`Plan.accepts`."""
        return self.keep("accepts", super().accepts)

    def pairs(self) -> Iterator[Case]:
        """See :meth:`Plan.pairs`."""
        return self.keep("pairs", super().pairs)

    def combinations(self, rounds: int) -> Iterator[Case]:
        """See :meth:`Plan.combinations`."""
        make = super().combinations
        return self.keep(f"combinations {rounds}", lambda: make(rounds))

    def may(self) -> Iterator[Case]:
        """See :meth:`Plan.may`."""
        return self.keep("may", super().may)

    def rejects(self) -> Iterator[Case]:
        """See :meth:`Plan.rejects`."""
        return self.keep("rejects", super().rejects)

    def in_context(self) -> Iterator[Case]:
        """See :meth:`Plan.in_context`."""
        return self.keep("in context", super().in_context)

    def without(self, places: frozenset[str]) -> Plan:
        """See :meth:`Plan.without`. The latest such plan is kept, with all that it makes: many runs lack the same."""
        if places not in self._lacking:
            self._lacking.clear()
            self._lacking[places] = replace(self, lacking=places)
        return self._lacking[places]

    def keep(self, name: str, make: Callable[[], Iterator[T]]) -> Iterator[T]:
        """See :meth:`Plan.keep`."""
        if name not in self._kept:
            self._kept[name] = list(make())
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(name)
        return iter(self._kept[name])
