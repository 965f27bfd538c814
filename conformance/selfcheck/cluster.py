"""Work on a Dask cluster: on this machine, or on as many as its scheduler knows.

The scheduler knows which results it has handed over. If a worker dies, it gives what that worker had to another one. So a
matrix of thousands of trials survives the machine that runs some of them:

    worker 1   a  b  †            a is with us already
    worker 2   c  d     b         b is carried out again
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_CONNECT = "15s"
_DEATHS = 3  # of workers that carried out a piece of work, before it counts as what kills them


class NoCluster(Exception):
    """The scheduler cannot be reached, or `distributed` is not installed; the message says which."""


class WorkersLost(Exception):
    """So many workers died of one piece of work that it is given up."""


def carried_out(
    work: Callable[[T], R], items: Sequence[T], *, scheduler: str | None, workers: int, given_up: Callable[[T, WorkersLost], R]
) -> Iterator[R]:
    """Yield the results of work on items, in their order, each as soon as those before it are there.

    `scheduler` is the address of a running one, such as `tcp://host:8786`; without it a cluster of so many `workers` is started
    here. `given_up` makes the result of an item that its workers did not survive. NoCluster where there is no cluster.
    """
    with ExitStack() as stack:
        client = stack.enter_context(_client(stack, scheduler, workers))
        submit = partial(client.submit, work, pure=False, retries=_DEATHS)
        futures = [submit(item) for item in items]
        for at, item in enumerate(items):
            yield _result(futures[at], submit, item, given_up)
            futures[at] = None  # the workers need not keep it


def reach(scheduler: str) -> None:
    """Return if a scheduler responds. NoCluster where it does not."""
    with ExitStack() as stack:
        stack.enter_context(_client(stack, scheduler, 0))


def _client(stack: ExitStack, scheduler: str | None, workers: int) -> Any:
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise NoCluster("it needs the package distributed: install ultravox-conformance[dask]") from None
    stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": _DEATHS}))
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if scheduler is None:
        # A memory limit would end workers, and a page for people would open a port.
        scheduler = stack.enter_context(
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                memory_limit=0,
                silence_logs=50,
            )
        ).scheduler_address
    try:
        return Client(scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"{scheduler} cannot be reached: {type(error).__name__}") from None


def _result(future: Any, submit: Callable[[T], Any], item: T, given_up: Callable[[T, WorkersLost], R]) -> R:
    """Return the result of an item; it is submitted once more if its workers died.

    The scheduler blames a death on all that waited at the worker, for example on 1 and 3 behind 2, which kills:

        worker 1   2† 1 3     2† 1 3     each has as many deaths as the others
        worker 1   1          3          alone they do not die
    """
    from distributed import KilledWorker

    for attempt in (future, None):
        try:
            result: R = (attempt or submit(item)).result()
        except KilledWorker:
            continue
        return result
    return given_up(item, WorkersLost("its workers died of it, the second time with nothing beside it"))
