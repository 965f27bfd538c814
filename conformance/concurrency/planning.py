"""Planning in a thread: what generates cases never holds up the event loop that sends them.

A case may take seconds to generate: Hypothesis draws it, and an oracle confirms it. While that runs inside an event loop, no
response is read and a server sees an idle connection. So cases are generated in a thread that feeds a bounded queue:

    generator -> [case, case, case] -> event loop

The thread rests while the queue is full, so nothing is generated far ahead of what a budget admits. Threads are daemons: an
interrupted run writes its reports without waiting for a generator, which may take minutes for its next case. What Hypothesis
draws there ends at its next example: it would take most of the time in which the reports are written.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from strategies.values.abandoned import is_abandoned

T = TypeVar("T")
AHEAD = 32  # items that wait to be taken


class Feed(AsyncIterator[T], Generic[T]):
    """The items of an iterable, generated in a thread. What generating raises is raised behind the items before it."""

    def __init__(self, items: Iterable[T], ahead: int = AHEAD) -> None:
        self._items = items
        self._loop = asyncio.get_running_loop()
        self._ready: deque[T] = deque()
        self._room = threading.Semaphore(ahead)
        self._news = asyncio.Event()
        self._is_waiting = self._is_done = self._is_stopped = False
        self._error: BaseException | None = None
        threading.Thread(target=self._generate, name="planning", daemon=True).start()

    def __aiter__(self) -> Feed[T]:
        return self

    async def __anext__(self) -> T:
        while not self._ready:
            self._news.clear()
            self._is_waiting = True
            # The thread looks whether anybody waits after it has added an item: one of the two sees the other.
            if not self._ready and not self._is_done:
                await self._news.wait()
            self._is_waiting = False
            if not self._ready and self._is_done:
                if self._error is not None:
                    raise self._error
                raise StopAsyncIteration
        self._room.release()
        return self._ready.popleft()

    def stop(self) -> None:
        """End the thread at its next item, or at the next example that it draws; nothing waits for it."""
        self._is_stopped = True
        self._room.release()

    def _generate(self) -> None:
        is_abandoned.set(lambda: self._is_stopped)
        try:
            for item in self._items:
                self._room.acquire()
                if self._is_stopped:
                    return
                self._ready.append(item)
                if self._is_waiting:
                    self._report()
        except BaseException as error:
            self._error = error
        finally:
            self._is_done = True
            self._report()

    def _report(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._news.set)

    async def ended(self, seconds: float) -> None:
        """Wait until the thread has ended, for so many seconds at the most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._is_done:
                    self._news.clear()
                    await self._news.wait()


async def computed(function: Callable[[], T], grace: float = 0.0, end: Callable[[], None] = lambda: None) -> T:
    """Return what a function returns that takes long to compute, while the event loop goes on.

    If this is cancelled, `end` is called, and the function may come to its end within `grace` seconds.
    """

    def once() -> Iterable[T]:
        yield function()

    feed = Feed(once())
    try:
        return await anext(feed)
    except asyncio.CancelledError:
        end()
        await feed.ended(grace)
        raise
    finally:
        feed.stop()


@dataclass(frozen=True)
class FromThread(Generic[T]):
    """Calls a coroutine function of an event loop from a thread that computes, and waits for what it returns."""

    loop: asyncio.AbstractEventLoop
    function: Callable[..., Coroutine[Any, Any, T]]

    def __call__(self, *args: Any, **kwargs: Any) -> T:
        if self.loop.is_closed():
            raise asyncio.CancelledError
        return asyncio.run_coroutine_threadsafe(self.function(*args, **kwargs), self.loop).result()
