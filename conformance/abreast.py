"""Work abreast: pieces of work that wait for one answer after the other, carried on side by side, their requests together.

Each has a thread of its own, of which one works at a time, and in a fixed order: what is sent, and when, depends on nothing but
the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from threading import Semaphore, Thread
from typing import TypeAlias

from conformance.exchange import Exchange
from strategies.cases import Case

Work: TypeAlias = Callable[[], None]
Send: TypeAlias = Callable[[Iterable[Case], Callable[[Exchange], None]], None]


class _Abandoned(BaseException):
    """Nobody will answer any more."""


def carry_on(works: Iterable[Work], width: int, send: Send) -> bool:
    """Carries on `width` works at a time to their end; whether they all came to one.

    `send` sends what they ask for and hands over the answers in order. It may keep back the last ones: then the works that
    asked for them are given up.
    """
    waiting, going = iter(works), list[_Worker]()
    try:
        while True:
            going = [each for each in going if each.case is not None]
            while len(going) < width and (work := next(waiting, None)) is not None:
                going.append(_Worker(work))
                going[-1].resume()
                if going[-1].case is None:
                    going.pop()
            if not going:
                return True
            answers: list[Exchange] = []
            try:
                send([each.case for each in going if each.case is not None], answers.append)
            finally:  # what was answered is seen, whatever came then
                for worker, answer in zip(going, answers, strict=False):
                    worker.answer = answer
                    worker.resume()
            if len(answers) < len(going):
                return False
    finally:
        for worker in going:
            worker.abandon()


def asking() -> Callable[[Case], Exchange] | None:
    """How to send a case from within work that is carried on abreast; None anywhere else."""
    worker = _AT_WORK.get()
    return None if worker is None else worker.ask


class _Worker:
    """One piece of work in its thread: `case` is what it asks for, None once it has ended."""

    def __init__(self, work: Work) -> None:
        self.case: Case | None = None
        self.answer: Exchange | None = None
        self._error: BaseException | None = None
        self._abandoned = False
        self._go, self._back = Semaphore(0), Semaphore(0)
        self._thread = Thread(target=self._carry_out, args=(work,), name="abreast", daemon=True)
        self._thread.start()

    def resume(self) -> None:
        """Lets it work until it asks for something, or ends; raises what it raises."""
        self._go.release()
        self._back.acquire()
        if self._error is not None:
            raise self._error

    def ask(self, case: Case) -> Exchange:
        """The answer to a case, once it is there; called by the work itself."""
        self.case = case
        self._back.release()
        self._wait()
        assert self.answer is not None
        return self.answer

    def abandon(self) -> None:
        """Ends it where it waits."""
        self._abandoned = True
        self._go.release()
        self._thread.join()

    def _carry_out(self, work: Work) -> None:
        _AT_WORK.set(self)
        try:
            self._wait()
            work()
        except _Abandoned:
            pass
        except BaseException as error:
            self._error = error
        self.case = None
        self._back.release()

    def _wait(self) -> None:
        if not self._abandoned:
            self._go.acquire()
        if self._abandoned:
            raise _Abandoned


_AT_WORK: ContextVar[_Worker | None] = ContextVar("at_work", default=None)
