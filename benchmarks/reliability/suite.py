"""The suite as a child process, by its command line alone: started, watched, signalled, measured."""

from __future__ import annotations

import functools
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reliability.canaries import KEY
from benchmarks.reliability.seen import MEGABYTE

ROOT = Path(__file__).parents[2]
SUITE = (sys.executable, "-m", "conformance")
_KEY_VARIABLE = "ULTRAVOX_API_KEY"
_TICK = 0.02  # seconds between two looks at a run
_MOST = 2048  # megabytes; a run beyond is killed, the machine has other uses


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A command that has ended. `status` is None where it had to be killed; `ending` is in seconds after the signal."""

    status: int | None
    output: bytes
    megabytes: float
    seconds: float
    ending: float | None = None
    note: str = ""

    @property
    def tracebacks(self) -> int:
        """Return how many tracebacks it printed."""
        return self.output.count(b"Traceback (most recent call last)")


@dataclass(frozen=True, kw_only=True)
class How:
    """How a command is started and ended. `after` says when to send `number`; times are in seconds.

    `background` starts it as `command &` in a script, where SIGINT is ignored. `file_size` bounds each file, in bytes, and
    stands for a full disk. `stdout` is a file to write to, or `closed`.
    """

    deadline: float = 240.0
    number: signal.Signals | None = None
    after: Callable[[float], bool] = lambda _seconds: True
    background: bool = False
    file_size: int | None = None
    stdout: str | None = None
    variables: Mapping[str, str] | None = None


PLAIN = How()


@functools.cache
def options_of(command: str) -> frozenset[str]:
    """Return the long options of a command of the suite, none where there is no such command."""
    shown = subprocess.run([*SUITE, command, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    return frozenset(re.findall(r"--[a-z][a-z-]+", shown.stdout)) if shown.returncode == 0 else frozenset()


def environment(home: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment of its own: no proxy, no configuration, a cache below `home`, the canary for a key."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), _KEY_VARIABLE: KEY, "API_KEY": KEY}
    own["PYTHONUNBUFFERED"] = "1"
    return {**kept, **own, **(variables or {})}


def carry_out(arguments: Sequence[str], home: Path, how: How = PLAIN) -> Ended:
    """Run a command of the suite to its end, or to its deadline."""
    with ExitStack() as stack:
        begun = time.monotonic()
        process = stack.enter_context(_start(arguments, home, how))
        # A pipe, because a bound on the size of files would also bound a file of the output.
        output = stack.enter_context(ThreadPoolExecutor(1)).submit(_everything, process)
        watched = _Watched(process, _suite_pid(process, home) if how.background else process.pid)
        note, ending = watched.until_end(begun, how)
        return Ended(
            status=None if note else process.returncode,
            seconds=time.monotonic() - begun,
            output=output.result(),
            megabytes=watched.peak,
            ending=ending,
            note=note,
        )


def _everything(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stderr is not None
    return process.stderr.read()


def _start(arguments: Sequence[str], home: Path, how: How) -> subprocess.Popen[bytes]:
    """Start a command; both its outputs go to the pipe of its standard error, unless `how` says otherwise."""
    reading, writing = os.pipe()
    stdout = writing if how.stdout in (None, "closed") else os.open(str(how.stdout), os.O_WRONLY)

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the bed itself may be a background job
            signal.signal(number, signal.SIG_DFL)
        if how.file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (how.file_size, how.file_size))
        if how.stdout == "closed":
            os.close(1)

    command: list[str] = [*SUITE, *arguments]
    if how.background:  # as scripts do; the shell passes the exit status on
        command = ["sh", "-c", '"$@" & echo $! > "$0"; wait $!', str(_pid_file(home)), *command]
        _pid_file(home).unlink(missing_ok=True)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(home, how.variables),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=writing,
        preexec_fn=prepare,  # noqa: PLW1509 - the limits are the child's alone
        start_new_session=True,
    )
    for each in {stdout, writing}:
        os.close(each)
    process.stderr = os.fdopen(reading, "rb")
    return process


def _pid_file(home: Path) -> Path:
    """Return where a command in the background notes its process, one for each thread of the bed."""
    return home / f"pid-{threading.get_ident()}"


def _suite_pid(process: subprocess.Popen[bytes], home: Path) -> int:
    """Return the process of a command in the background, once the shell has made way for it: before, no signal is ignored."""
    while process.poll() is None:
        with suppress(OSError, ValueError):
            pid = int(_pid_file(home).read_text())
            if os.path.samefile(f"/proc/{pid}/exe", SUITE[0]):
                return pid
        time.sleep(_TICK)
    return process.pid


class _Watched:
    """A process whose memory is followed, and which is signalled and killed when it is time."""

    def __init__(self, process: subprocess.Popen[Any], pid: int) -> None:
        self._process, self._pid = process, pid
        self.peak = 0.0
        self._signalled: float | None = None

    def until_end(self, begun: float, how: How) -> tuple[str, float | None]:
        """Wait for the end. Return why the process was killed, empty where it was not, and the seconds after the signal."""
        note = ""
        while self._process.poll() is None:
            self.peak = max(self.peak, _resident(self._pid))
            seconds = time.monotonic() - begun
            if how.number is not None and self._signalled is None and how.after(seconds):
                self._signalled = time.monotonic()
                with suppress(ProcessLookupError):
                    os.kill(self._pid, how.number)
            if self.peak > _MOST or seconds > how.deadline:
                note = f"killed at {_MOST:,} MB" if self.peak > _MOST else f"not done after {how.deadline:g} s"
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
                break
            time.sleep(_TICK)
        return note, None if self._signalled is None else time.monotonic() - self._signalled


def _resident(pid: int) -> float:
    """Return the largest resident size of a process so far, in megabytes, 0 where nothing shows it."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 / MEGABYTE if found else 0.0
    return 0.0
