"""The process of a command: the search for garbage, signals, and standard streams that are closed."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

# Objects between two searches; an exchange makes some hundreds, and leaves few. Every tenth search goes through ten times as
# many. One of 100,000 takes 30 ms, for which it holds up the event loop, whichever thread has brought it about.
_MADE = 10_000


def search_seldom() -> None:
    """Let this process search for garbage seldom. For those who own the process: it is not undone."""
    gc.set_threshold(_MADE, *gc.get_threshold()[1:])


def settle_streams() -> str | None:
    """Give closed standard streams a place, so that no file of ours takes theirs; return the problem with the output."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it stays open with the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return "the standard output is closed; send it to a file, or to /dev/null"
    return None


_ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_AGAIN = 0.1  # seconds between two attempts to interrupt


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Return a context in which every signal that ends a process counts as ctrl-C. KeyboardInterrupt once there was one.

    A shell starts `command &` with SIGINT ignored, and `nohup` with SIGHUP; a run is to be ended by them all the same, since
    only then does it delete what it created. Signals belong to the main thread: in another one nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ENDINGS)}
    interruption = _Interruption()
    signal.signal(signal.SIGINT, interruption)
    for number in _ENDINGS:
        signal.signal(number, _interrupt)
    try:
        yield
    except Exception:
        if interruption.is_due:  # it came up as an error of what it hit
            raise KeyboardInterrupt from None
        raise
    finally:
        interruption.over.set()
        for number, handler in before.items():
            if handler is not None:  # whoever started Python set it
                signal.signal(number, handler)


class _Interruption:
    """Raises KeyboardInterrupt, and again until it has come through.

    A validator in Rust calls keywords of ours, and takes whatever they raise for an invalid value. An interruption that hits
    one of them is lost, and planning is spent in them. The event loop has a handler of its own, which raises nothing.
    """

    def __init__(self) -> None:
        self.is_due, self.over = False, threading.Event()

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.is_due = True
        threading.Thread(target=self._repeat, daemon=True, name="interruption").start()
        raise KeyboardInterrupt

    def _repeat(self) -> None:
        if self.over.wait(_AGAIN):
            return
        main = threading.main_thread().ident
        if main is not None and hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, signal.SIGINT)  # which also ends what the main thread waits for
        else:
            signal.raise_signal(signal.SIGINT)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


def finish_undisturbed() -> None:
    """Let nothing interrupt what is left to do once all is sent: deleting calls, and writing the reports."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, *_ENDINGS):
            signal.signal(number, signal.SIG_IGN)


def silence() -> None:
    """Write no more to an output that nobody reads, at the end of the process neither."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
