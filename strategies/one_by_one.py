"""Examples drawn one by one, each when it is asked for, so that requests can be in flight in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

from hypothesis.strategies import SearchStrategy

from strategies.drawn import draw

T = TypeVar("T")


class _Closed(BaseException):
    """Nobody asks any more."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """There are no more examples, or none for this reason."""

    error: BaseException | None = None


def one_by_one(strategy: SearchStrategy[T], count: int, seed: int = 0) -> Iterator[T]:
    """`count` examples of a strategy at most, the same ones for the same seed.

    Hypothesis cannot be suspended: it draws in a thread of its own, which works while its caller waits and at no other time.
    """
    asked, handed = Semaphore(0), SimpleQueue[T | _Ended]()
    closed = False

    def wait() -> None:
        asked.acquire()
        if closed:
            raise _Closed

    def hand_over(value: T) -> None:
        handed.put(value)
        wait()

    def work() -> None:
        try:
            wait()
            draw(strategy, count, seed, hand_over)
        except _Closed:
            return
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            handed.put(_Ended(error))
        else:
            handed.put(_Ended())

    thread = Thread(target=work, name="drawing", daemon=True)
    thread.start()
    try:
        for _ in range(count):
            asked.release()
            found = handed.get()
            if isinstance(found, _Ended):
                if found.error is not None:
                    raise found.error
                return
            yield found
    finally:
        closed = True
        asked.release()
        thread.join()
