"""How the tests draw: the same examples every time, so that a failure is the fault of the change under test.

`pytest --hypothesis-profile search` draws new ones, and more of them.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from conformance.plugin.scheduling import together

# More than a hundred commands that tests start would each compile every module anew. Git ignores compiled modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "tests",
    derandomize=True,
    database=None,
    max_examples=30,
    # Two cores shared by several workers say nothing about how long an example takes.
    deadline=None,
    # What is planned may itself be drawn by Hypothesis, a few examples at a time.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given],
)
settings.register_profile("search", settings.get_profile("tests"), derandomize=False, max_examples=1000)
settings.load_profile("tests")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Plans that tests keep are not the user's, and those that the user has kept are not tested.

    All workers of pytest-xdist and all commands that they start share one folder, since a plan costs more than a run.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield


def pytest_configure() -> None:
    """Let an interrupt be one, also where a shell has started the tests in the background with SIGINT ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests whose marker of `_NAMED` is not in `-m`.

    Workers of pytest-xdist begin with folders and with slow tests, so that none is left with one while the others have
    nothing to do.
    """
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (not item.nodeid.startswith(_TOGETHER), item.get_closest_marker("slow") is None))
    left_out = [each for each in items if _marker_to_name(each) not in config.option.markexpr]
    items[:] = [each for each in items if _marker_to_name(each) in config.option.markexpr]
    config.hook.pytest_deselected(items=left_out)


# Of two markers the first counts: a thorough variant of a slow test is thorough.
_NAMED = ("thorough", "documents", "slow")


def _marker_to_name(item: pytest.Item) -> str:
    """Return the marker that `-m` has to name for this test; any `-m` names the empty one."""
    return next((each for each in _NAMED if item.get_closest_marker(each)), "")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Search for no garbage until all tests are collected: modules and tests stay."""
    if isinstance(collector, pytest.Session):
        gc.disable()


def pytest_collection_finish() -> None:
    """Let the processes of the tests search for garbage more seldom than a command of ours, and never in what was collected.

    Thousands of tests live to the end, and each search would go through them: a tenth of the time went into that.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)


# Folders whose modules share what is expensive: a Chromium and its pages, plans with all cases, corpora, parsers.
_TOGETHER = (
    "tests/reports/browser/",
    "tests/strategies/",
    "tests/parsers/",
    "tests/emulator/",
    "tests/conformance/sdk/fixtures/",
)


def _scope(nodeid: str) -> str:
    """Return the folder whose tests one worker runs, else the module: so nothing is made ready in both workers."""
    return next((each for each in _TOGETHER if nodeid.startswith(each)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return a scheduler that keeps together what shares something, if the user chose none."""
    config.option.loadscopereorder = False  # the order is that of `pytest_collection_modifyitems`
    return together(config, log, _scope)
