"""Dispatch: many cases are sent at a time, and their exchanges are handed over in the order of the cases.

Responses come in any order, but which failure of a rule is shown must not depend on latency. So the tasks stand in a row, and
only the first of it is ever handed over; a later one that is done waits in its place:

    row      1 running   2 done   3 done        nothing is handed over
    row      1 done      2 done   3 done        1, 2 and 3 are, and the row is filled up again

The row is bounded, so one slow response holds back no more than a few requests for each connection.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeAlias

from conformance.concurrency.branches import finish
from conformance.concurrency.planning import Feed
from conformance.http.endings import BudgetSpent, NoRoom
from conformance.http.exchange import Exchange
from conformance.http.sender import GRACE
from strategies.case import Case, Key

Handle: TypeAlias = Callable[[Exchange], None]
Send: TypeAlias = Callable[..., Awaitable[Exchange]]


async def in_order(cases: Iterable[Case], send: Send, handle: Handle, longest: int, end: Callable[[], None]) -> None:
    """Send cases, many at a time, and hand over each exchange in the order of the cases; `longest` bounds those that wait.

    The tasks that send stand in a row. The first of the row is waited for, whichever is done first; so the order of the
    cases is kept with nothing but the row. If the run ends, what was responded to is handed over all the same.
    """
    feed, row = Feed(cases), deque[asyncio.Task[Exchange]]()
    try:
        async for case in feed:
            row.append(asyncio.ensure_future(send(case)))
            while row and (row[0].done() or len(row) >= longest):
                await _hand_over_first(row, handle)
        while row:
            await _hand_over_first(row, handle)
    except BaseException as problem:
        if not isinstance(problem, BudgetSpent):
            end()
        await finish(row, GRACE)
        for task in row:
            if not task.cancelled() and task.exception() is None:
                handle(task.result())
        raise
    finally:
        feed.stop()


async def _hand_over_first(row: deque[asyncio.Task[Exchange]], handle: Handle) -> None:
    if not row[0].done():
        await asyncio.wait([row[0]])  # unlike the task itself, waiting can be cancelled without it
    task = row.popleft()
    if not isinstance(task.exception(), NoRoom):
        handle(task.result())


async def together(
    cases: Sequence[Case], send: Send, longest: float, end: Callable[[], None], **options: bool
) -> list[Exchange]:
    """Return the exchanges of cases that are sent at the same time: the first ones, as far as budgets let.

    What has no response after `longest` seconds is given up.
    """
    tasks = [asyncio.ensure_future(send(case, **options)) for case in cases]
    try:
        await finish(tasks, longest)
    except asyncio.CancelledError:
        end()
        await finish(tasks, GRACE)
        raise
    found: list[Exchange] = []
    for task in tasks:
        if task.cancelled() or isinstance(task.exception(), BudgetSpent | NoRoom):
            break
        found.append(task.result())
    return found


_SMALL = 200  # bytes


def is_plain(case: Case) -> bool:
    """Return whether a case creates something by a small JSON body alone."""
    is_special = case.path or case.method or case.query or case.query_text or case.headers or case.raw is not None
    return not is_special and case.key is Key.RIGHT and len(case.content or b"") <= _SMALL
