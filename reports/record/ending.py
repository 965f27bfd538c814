"""How a run ended, from the verdicts on its rules: the same for a run on one machine and for one that shards carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.exit_status import ExitStatus
from reports.record.entries import Outcome


@dataclass(frozen=True, slots=True)
class Ended:
    """An ending: `outcome` and `exit` as in a footer, and the reason where there is one."""

    outcome: str
    exit: ExitStatus
    reason: str | None


def ended(
    outcomes: Iterable[Outcome], reason: str | None, *, interrupted: bool = False, hopeless: bool = False, partial: bool = False
) -> Ended:
    """Return how a run with these verdicts ended.

    `hopeless` says that it could judge nothing more, `partial` that other runs are about the other rules: then it is no
    problem if none of these could be judged.
    """
    found = list(outcomes)
    if Outcome.FAIL in found:
        return Ended("interrupted" if interrupted else "fails", ExitStatus.FAILS, reason)
    if interrupted:
        return Ended("interrupted", ExitStatus.UNJUDGED, reason)
    is_empty = Outcome.PASS not in found and Outcome.OBSERVED not in found
    if hopeless or (is_empty and not partial):
        return Ended("unjudged", ExitStatus.UNJUDGED, reason or "no rule could be judged")
    if Outcome.ERROR in found:
        return Ended("unjudged", ExitStatus.UNJUDGED, f"{found.count(Outcome.ERROR)} rules could not be judged")
    return Ended("conforms", ExitStatus.CONFORMS, reason)
