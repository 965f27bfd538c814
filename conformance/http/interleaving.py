"""Work abreast: pieces of work that wait for one answer after the other, carried on side by side, their requests together.

Each has a thread of its own, of which one works at a time, and in a fixed order: what is sent, and when, depends on nothing but
the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from itertools import islice
from threading import Semaphore, Thread
from typing import TypeAlias

from conformance.http.exchange import Exchange
from strategies.case import Case

Work: TypeAlias = Callable[[], object]  # what it gives is nobody's concern
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
            going = [each for each in going if each.cases]
            while len(going) < width and (work := next(waiting, None)) is not None:
                going.append(_Worker(work))
                going[-1].resume()
                if not going[-1].cases:
                    going.pop()
            if not going:
                return True
            asked, responses = [case for each in going for case in each.cases], list[Exchange]()
            try:
                send(asked, responses.append)
            finally:  # what was answered is seen, whatever came then
                _resume(going, _in_turn(asked, responses))
            if len(responses) < len(asked):
                return False
    finally:
        for worker in going:
            worker.abandon()


def _in_turn(asked: Iterable[Case], responses: Iterable[Exchange]) -> Iterator[Exchange]:
    """The answers up to the first that is missing: whoever was interrupted may have got later ones."""
    for case, response in zip(asked, responses, strict=False):
        if response.case is not case:
            return
        yield response


def _resume(going: Iterable[_Worker], responses: Iterator[Exchange]) -> None:
    """Lets each work go on that something was answered to."""
    for worker in going:
        worker.responses = list(islice(responses, len(worker.cases)))
        if worker.responses:
            worker.resume()


def asking() -> Callable[[Sequence[Case]], list[Exchange]] | None:
    """How to send cases together from within work that is carried on abreast; None anywhere else.

    Fewer answers than cases, but one at least, come when no more may be sent: who asks for the rest gets none.
    """
    worker = _AT_WORK.get()
    return None if worker is None else worker.ask


class _Worker:
    """One piece of work in its thread: `cases` are what it asks for, none once it has ended."""

    def __init__(self, work: Work) -> None:
        self.cases: Sequence[Case] = ()
        self.responses: list[Exchange] = []
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

    def ask(self, cases: Sequence[Case]) -> list[Exchange]:
        """The answers to cases, once they are there; called by the work itself."""
        self.cases = cases
        self._back.release()
        self._wait()
        return self.responses

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
        self.cases = ()
        self._back.release()

    def _wait(self) -> None:
        if not self._abandoned:
            self._go.acquire()
        if self._abandoned:
            raise _Abandoned


_AT_WORK: ContextVar[_Worker | None] = ContextVar("at_work", default=None)
