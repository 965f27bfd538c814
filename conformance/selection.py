"""The selection: which rules a run is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from strategies.case import Case, Side


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules chosen by globs; without any, all are."""

    globs: Sequence[str] = ()

    def wants(self, rule: str) -> bool:
        """Whether a rule is selected."""
        return not self.globs or any(fnmatchcase(rule, glob) for glob in self.globs)

    def wants_any(self, case: Case) -> bool:
        """Whether a case bears on a selected rule; a valid body bears on echo, default and shape of all it holds."""
        if not self.globs or case.side in (Side.ACCEPTS, Side.MAY):
            return True
        return any(map(self.wants, case.rules()))
