"""Event loop: its longest steps in a run, in milliseconds of processor time. While one lasts, no response is read.

A long step makes a quick server look slow, and lets a kept connection run out.
"""

from __future__ import annotations

import time
from asyncio import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.descriptions import catalogue
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.serving import server
from benchmarks.sessions import whole
from benchmarks.size import Size
from conformance.http.sender import Sender

_LONGEST = 50.0  # milliseconds
_CONCURRENCY = 8


@dataclass
class Steps:
    """The steps of a loop that took longest while a request was open: milliseconds, of all steps the sum and the number."""

    longest: float = 0.0
    above: int = 0
    number: int = 0
    open: int = 0

    def note(self, milliseconds: float) -> None:
        """Count a step during which a request waited for the loop."""
        self.number += 1
        self.longest = max(self.longest, milliseconds)
        self.above += milliseconds > _LONGEST


@contextmanager
def watched() -> Iterator[Steps]:
    """Yield the steps of every event loop as they are made within."""
    steps, run, attempts = Steps(), Handle._run, Sender._attempts

    def timed(handle: Handle) -> None:
        was_open, begun = steps.open, time.thread_time()
        run(handle)
        if was_open:
            steps.note((time.thread_time() - begun) * 1_000)

    async def counted(*arguments: object, **named: object) -> object:
        steps.open += 1
        try:
            return await attempts(*arguments, **named)  # type: ignore[arg-type]
        finally:
            steps.open -= 1

    Handle._run, Sender._attempts = timed, counted  # type: ignore[method-assign,assignment]
    try:
        yield steps
    finally:
        Handle._run, Sender._attempts = run, attempts  # type: ignore[method-assign]


def measure(size: Size) -> Findings:
    """Return the longest steps of a run of each profile."""
    rows = []
    for profile in size.profiles:
        with server("emulator") as url, watched() as steps:
            whole(profile, catalogue(size.properties)).against(url, _CONCURRENCY, lambda _exchange: None)
        rows.append((profile, steps.number, steps.longest, steps.above))
    columns = ("profile", "steps beside an open request", "longest (ms)", f"above {_LONGEST:g} ms")
    ratios = [
        Ratio(what=f"longest step of {name} / {_LONGEST:g} ms", value=longest / _LONGEST, at_most=1)
        for name, _, longest, _ in rows
    ]
    return Findings((Table("Steps of the event loop", columns, tuple(rows)),), tuple(ratios), _NOTES)


_NOTES = (
    f"Time of the loop's own thread, {_CONCURRENCY} requests at a time, the emulator in another process; the run is recorded.",
)
