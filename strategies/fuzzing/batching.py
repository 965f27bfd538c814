"""Draw Hypothesis examples on demand, so that requests can be open in between."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Generic, TypeVar

from hypothesis.strategies import SearchStrategy

from strategies.values.sampling import draw

T = TypeVar("T")
_BATCH = 8  # examples; whenever threads take turns, the cache of the processor is lost


class _Closed(BaseException):
    """Nobody asks any more."""


def one_by_one(strategy: SearchStrategy[T], count: int, seed: int = 0) -> Generator[T, None, None]:
    """Yield at most `count` examples of a strategy, the same ones for the same seed.

    Hypothesis cannot be suspended. It draws in a thread of its own, a few at a time; that thread works only
    while its caller waits.
    """
    drawer = _Drawer(strategy, count, seed)
    thread = Thread(target=drawer.work, name="drawing", daemon=True)
    thread.start()
    try:
        yield from islice(_handed(drawer), count)
    finally:
        drawer.closed = True
        drawer.asked.release()
        thread.join()


def _handed(drawer: _Drawer[T]) -> Iterator[T]:
    while True:
        drawer.asked.release()
        found = drawer.handed.get()
        yield from found.examples
        if found.error is not None:
            raise found.error
        if found.is_last:
            return


@dataclass(frozen=True, slots=True)
class _Batch(Generic[T]):
    """A few examples; the last ones, or all that there were up to an error."""

    examples: list[T]
    is_last: bool = False
    error: BaseException | None = None


class _Drawer(Generic[T]):
    """The thread's side: a few examples are `handed` over each time that it is `asked`."""

    def __init__(self, strategy: SearchStrategy[T], count: int, seed: int) -> None:
        self.strategy, self.count, self.seed = strategy, count, seed
        self.asked = Semaphore(0)
        self.handed: SimpleQueue[_Batch[T]] = SimpleQueue()
        self.closed = False
        self._drawn: list[T] = []

    def work(self) -> None:
        """Draw to the end."""
        try:
            self._wait()
            draw(self.strategy, self.count, self.seed, self._keep)
        except _Closed:
            return
        except BaseException as error:
            self.handed.put(_Batch(self._drawn, error=error))
        else:
            self.handed.put(_Batch(self._drawn, is_last=True))

    def _keep(self, value: T) -> None:
        self._drawn.append(value)
        if len(self._drawn) == _BATCH:
            self.handed.put(_Batch(self._drawn))
            self._drawn = []
            self._wait()

    def _wait(self) -> None:
        self.asked.acquire()
        if self.closed:
            raise _Closed
