"""Examples drawn one by one, each when it is asked for, so that requests can be in flight in between."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Generic, TypeVar

from hypothesis.strategies import SearchStrategy

from strategies.drawn import draw

T = TypeVar("T")


class _Closed(BaseException):
    """Nobody asks any more."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """There are no more examples, or none for this reason."""

    error: BaseException | None = None


def one_by_one(strategy: SearchStrategy[T], count: int, seed: int = 0) -> Generator[T, None, None]:
    """`count` examples of a strategy at most, the same ones for the same seed.

    Hypothesis cannot be suspended: it draws in a thread of its own, which works while its caller waits and at no other time.
    """
    drawer = _Drawer(strategy, count, seed)
    thread = Thread(target=drawer.work, name="drawing", daemon=True)
    thread.start()
    try:
        for _ in range(count):
            drawer.asked.release()
            found = drawer.handed.get()
            if not isinstance(found, _Ended):
                yield found
            elif found.error is not None:
                raise found.error
            else:
                return
    finally:
        drawer.closed = True
        drawer.asked.release()
        thread.join()


class _Drawer(Generic[T]):
    """The thread's side: an example is `handed` over for each time that it is `asked`."""

    def __init__(self, strategy: SearchStrategy[T], count: int, seed: int) -> None:
        self.strategy, self.count, self.seed = strategy, count, seed
        self.asked = Semaphore(0)
        self.handed: SimpleQueue[T | _Ended] = SimpleQueue()
        self.closed = False

    def work(self) -> None:
        """Draws to the end."""
        try:
            self._wait()
            draw(self.strategy, self.count, self.seed, self._hand_over)
        except _Closed:
            return
        except BaseException as error:
            self.handed.put(_Ended(error))
        else:
            self.handed.put(_Ended())

    def _hand_over(self, value: T) -> None:
        self.handed.put(value)
        self._wait()

    def _wait(self) -> None:
        self.asked.acquire()
        if self.closed:
            raise _Closed
