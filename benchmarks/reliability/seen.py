"""The expectation of a trial, its outcome, and the difference of the two."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The observation of one run of the suite. Megabytes are the largest resident size, seconds those of the wall.

    `status` is None where the run was killed because it did not end in time. `differing` is the number of rules with another
    verdict than in a quiet run, wherever both were judged. `errors` is a share of all rules, None where nothing shows it.
    `ending` is in seconds after a signal. `absent` names what the trial needed and the suite does not have.
    """

    status: int | None
    fails: tuple[str, ...] = ()
    errors: float | None = None
    differing: int = 0
    requests: int = 0
    created: int = 0
    left: int = 0
    peak: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0
    ending: float | None = None
    leaks: tuple[str, ...] = ()
    tracebacks: int = 0
    reports: bool = True
    absent: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The bounds of a run. None is: anything. `ending` is in seconds after a signal."""

    statuses: frozenset[int] | None = frozenset({0, 3})
    may_fail: bool = False
    errors: float | None = None
    same_verdicts: bool = True
    left: int | None = 0
    created: int | None = None
    peak: int | None = None
    megabytes: float | None = None
    seconds: float | None = None
    ending: float | None = None
    reports: bool = True

    def expected(self) -> str:
        """Return the bounds in words."""
        parts = [
            None if self.statuses is None else "exit " + " or ".join(str(each) for each in sorted(self.statuses)),
            None if self.may_fail else "no FAIL",
            "verdicts of a quiet run" if self.same_verdicts else None,
            None if self.errors is None else f"at most {self.errors:.0%} ERROR" if self.errors else "no ERROR",
            None if self.left is None else f"at most {self.left} calls left" if self.left else "0 calls left",
            None if self.created is None else f"at most {self.created} calls created",
            None if self.peak is None else f"at most {self.peak} live",
            None if self.megabytes is None else f"below {self.megabytes:g} MB",
            None if self.seconds is None else f"within {self.seconds:g} s",
            None if self.ending is None else f"ends within {self.ending:g} s",
            "no leak, no traceback",
            "reports" if self.reports else None,
        ]
        return ", ".join(part for part in parts if part)

    def missed(self, seen: Seen) -> list[str]:
        """Return the bounds that a run does not keep, in words; none where it keeps all."""
        checks = [
            (seen.status is None, "did not end"),
            (seen.status is not None and self.statuses is not None and seen.status not in self.statuses, f"exit {seen.status}"),
            (not self.may_fail and bool(seen.fails), "FAIL"),
            (self.same_verdicts and seen.differing > 0, "other verdicts"),
            (_above(seen.errors, self.errors), "ERROR"),
            (_above(seen.left, self.left), "calls left"),
            (_above(seen.created, self.created), "calls created"),
            (_above(seen.peak, self.peak), "live calls"),
            (_above(seen.megabytes, self.megabytes), "memory"),
            (_above(seen.seconds, self.seconds), "time"),
            (_above(seen.ending, self.ending), "slow to end"),
            (bool(seen.leaks), "leak"),
            (seen.tracebacks > 0, "traceback"),
            (self.reports and not seen.reports, "no report"),
        ]
        return [*(text for is_missed, text in checks if is_missed), *seen.absent]


def _above(value: float | None, bound: float | None) -> bool:
    return value is not None and bound is not None and value > bound
