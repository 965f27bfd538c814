"""Branches: works that wait for one response after another, carried on together, and judged as if they went one by one.

A work is a coroutine function that sends requests, each of which depends on the responses before it. An example is "create a
call, create another from it, read both". Works do not depend on each other, so they share the connection time:

    work 1   create ---- read ------ delete
    work 2   create ------ create ---- read          t ->

Which response comes first is chance. What a run reports must not be: the first failure of a rule is shown, and a field that has
failed for itself explains later failures. So a work does not judge while it runs. It notes what is to be judged. All notes are
taken in the order of the works, those of works within a work at its place:

    notes of work 1, notes of work 2, ...            whatever the latency

What a work sends depends on its own responses alone. Hence a seed decides what is sent. If the responses of a server depend
only on requests, neither the requests nor the verdicts depend on timing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Work: TypeAlias = Callable[[], Awaitable[T]]
Note: TypeAlias = Callable[[], None]
_NOTES: ContextVar[list[Note] | None] = ContextVar("notes", default=None)


def is_within() -> bool:
    """Return whether this is within a work that is carried on with others."""
    return _NOTES.get() is not None


def note(result: Note) -> None:
    """Judge in the order of the works; at once where no works are carried on."""
    notes = _NOTES.get()
    if notes is None:
        result()
    else:
        notes.append(result)


async def gather(works: Sequence[Work[T]], width: int, grace: float, end: Callable[[], None]) -> list[T]:
    """Return what works return that are carried on together, `width` at a time, in the order of the works.

    If one raises, `end` is called. Those that are going may come to their end, for at most `grace` seconds. What they have
    noted counts; then the first error in the order of the works is raised.
    """
    slots, notes = asyncio.Semaphore(width), [list[Note]() for _ in works]

    async def carry_out(work: Work[T], own: list[Note]) -> T:
        _NOTES.set(own)
        async with slots:
            return await work()

    tasks = [asyncio.ensure_future(carry_out(work, own)) for work, own in zip(works, notes, strict=True)]
    try:
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        problem = next((error for each in tasks if each.done() and (error := each.exception()) is not None), None)
        if problem is not None:
            raise problem
        return [each.result() for each in tasks]
    except BaseException:
        end()
        await finish(tasks, grace)
        raise
    finally:
        for own in notes:
            for each in own:
                note(each)


async def finish(tasks: Sequence[asyncio.Future[T]], grace: float) -> None:
    """Wait until tasks are done, for so many seconds; then cancel what is left."""
    left = [each for each in tasks if not each.done()]
    if left:
        _, left_over = await asyncio.wait(left, timeout=grace)
        for each in left_over:
            each.cancel()
        await asyncio.gather(*left_over, return_exceptions=True)
    for each in tasks:
        if not each.cancelled():
            each.exception()  # it is seen: one error is raised for all
