"""Trials on a Dask cluster: in their order, and none lost with a worker that dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.cli.main import main
from conformance.selfcheck.cluster import carried_out
from conformance.selfcheck.matrix import Setup, carry_out, tasks_for
from reports.exit_status import ExitStatus
from tests.conformance.sessions import ORDERS

SETUP = Setup(None, str(ORDERS), (), "smoke")
WORKERS = 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of two workers on this machine."""
    from distributed import LocalCluster  # half a second, which only the process of these tests has to wait for

    with LocalCluster(
        n_workers=WORKERS,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=50,
    ) as found:
        yield found


@pytest.mark.slow
def test_trials_survive_a_worker_that_is_killed_half_way(cluster: Any) -> None:
    tasks = tasks_for(list(SETUP.bench().faults)[:4], "smoke")
    trials = carry_out(SETUP, tasks, 1, cluster.scheduler_address)
    found = [next(trials) for _ in range(len(tasks) // 2)]
    killed = cluster.workers[0].pid
    os.kill(killed, signal.SIGKILL)
    found += trials
    alone = list(carry_out(SETUP, tasks, 1))
    assert [(each.name, each.failed, each.requests) for each in found] == [
        (each.name, each.failed, each.requests) for each in alone
    ]
    assert all(each.caught for each in found)


@pytest.fixture
def crowded_cluster() -> Iterator[Any]:
    """A cluster of one worker that is handed all work at once, with a scheduler that forgives no death."""
    import dask
    from distributed import LocalCluster

    stated = {"distributed.scheduler.worker-saturation": "inf", "distributed.scheduler.allowed-failures": 0}
    with (
        dask.config.set(stated),
        LocalCluster(
            n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0, silence_logs=50
        ) as found,
    ):
        yield found


@pytest.mark.slow
def test_work_that_its_workers_do_not_survive_is_given_up_alone(crowded_cluster: Any) -> None:
    scheduler = crowded_cluster.scheduler_address
    results = carried_out(_deadly, [2, 1, 3], scheduler=scheduler, workers=1, given_up=lambda item, lost: f"{item}: {lost}")
    found = list(results)
    assert found[0].startswith("2: its workers died of it")
    assert found[1:] == ["1", "3"]


def _deadly(number: int) -> str:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return str(number)


def test_a_scheduler_that_is_not_there_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.selfcheck.cluster._CONNECT", "0.3s")
    select = ["--openapi", str(ORDERS), "--no-overlay", "--select", "body.size.maximum:*"]
    assert main(["selfcheck", *select, "--scheduler", "tcp://127.0.0.1:1"]) == ExitStatus.INVALID
    reported = capsys.readouterr().err
    assert reported.startswith("python -m conformance: --scheduler: tcp://127.0.0.1:1 cannot be reached")
    assert reported.count("\n") == 1


@pytest.mark.slow
def test_without_distributed_the_trials_share_a_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    tasks = tasks_for(list(SETUP.bench().faults)[:2], "smoke")
    assert [each.name for each in carry_out(SETUP, tasks, 2)] == [each.name for each in tasks]
