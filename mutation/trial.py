"""Trials of mutants: the nearest tests run in a copy of the project, two at a time."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest

from mutation.mutants import Mutant

_POLL = 0.02  # seconds
_ORIGINAL = Path(__file__).resolve().parents[1]  # must not be imported from in place of a copy
_NOTICED = 1  # pytest's exit status: a test failed
_WAITING = 20  # seconds on a busy machine for each second of the processor that a trial may take


@dataclass(frozen=True, slots=True)
class Trial:
    """The end of a trial: whether a test noticed the mutant, and how long it took in seconds."""

    mutant: Mutant
    killed: bool
    seconds: float


@dataclass
class _Running:
    mutant: Mutant
    copy: Path
    started: float


def copied(root: Path, target: Path) -> Path:
    """Return a copy of the files that git knows of or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    # Checked by its content: a mutant may have the size and the second of the original.
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", str(target)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return target


def preload() -> None:
    """Import pytest's plugins and the heavy packages, so that each trial, a fork of this process, has them already."""
    with warnings.catch_warnings(action="ignore"):
        for plugin in metadata.entry_points(group="pytest11"):
            with contextlib.suppress(Exception):  # pytest says itself what is the matter with a plugin
                plugin.load()
        for name in ("httpx", "hypothesis", "hypothesis_jsonschema", "jsonschema", "jsonschema_rs", "orjson", "yaml"):
            importlib.import_module(name)


def passes(copy: Path, tests: Iterable[str]) -> bool:
    """Return whether the tests pass in an unchanged copy; prints their output if not."""
    child = _start(copy, list(tests))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def trials(
    mutants: Iterable[Mutant], nearest: Callable[[str], list[str]], root: Path, copies: list[Path], limit: float
) -> Iterator[Trial]:
    """Yield the trial of each mutant as it ends.

    A mutant that takes more than `limit` seconds of the processor counts as killed: other work on the machine does not.
    Trials that are running when the caller stops are ended.
    """
    waiting, free, running = list(reversed(list(mutants))), list(copies), dict[int, _Running]()
    try:
        while waiting or running:
            while waiting and free:
                mutant, copy = waiting.pop(), free.pop()
                (copy / mutant.module).write_text(mutant.source, encoding="utf-8")
                running[_start(copy, nearest(mutant.module), limit)] = _Running(mutant, copy, time.monotonic())
            time.sleep(_POLL)
            for child, each in list(running.items()):
                ended, status = os.waitpid(child, os.WNOHANG)
                seconds = time.monotonic() - each.started
                if not ended and seconds > limit * _WAITING:
                    os.killpg(child, signal.SIGKILL)
                    ended, status = os.waitpid(child, 0)
                if ended:
                    del running[child]
                    shutil.copy2(root / each.mutant.module, each.copy / each.mutant.module)
                    free.append(each.copy)
                    yield Trial(each.mutant, status != 0, seconds)
    finally:
        for child in running:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _start(copy: Path, tests: list[str], limit: float | None = None) -> int:
    """Run the tests in a fork of this process, without output and for so many seconds at most if limited; return its id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        with contextlib.suppress(OSError):  # whichever of the two is first: it may be killed at any moment
            os.setpgid(child, child)
        return child
    status = _NOTICED
    try:
        os.setpgid(0, 0)
        os.chdir(copy)
        sys.path[:] = [path for path in sys.path if path and Path(path).resolve() != _ORIGINAL]
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 1))
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
        options = ["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        status = int(pytest.main([*options, *tests]))
    finally:
        os._exit(status)
