"""The bed of a trial: an emulator, a proxy before it, and the suite that is pointed at the proxy."""

from __future__ import annotations

import re
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Lock

from benchmarks.reliability.canaries import leaking
from benchmarks.reliability.proxy import Proxy, running
from benchmarks.reliability.scope import BATCH, Scope
from benchmarks.reliability.seen import Seen
from benchmarks.reliability.suite import PLAIN, ROOT, SUITE, Ended, How, carry_out, environment, options_of
from benchmarks.reliability.verdicts import Verdicts, verdicts_in

# Leads to this machine, as 127.0.0.1 does, and is no loopback address: the suite takes care of calls on other machines only.
ADDRESS = "0.0.0.0"
_REPORTS = ("report.html", "summary.json", "junit.xml")


@dataclass
class Trial:
    """One run of the suite through a proxy: where its files are, how it ended, what passed the proxy."""

    proxy: Proxy
    out: Path
    arguments: list[str]
    ended: Ended
    absent: list[str] = field(default_factory=list)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Return the verdicts of the run."""
        return verdicts_in(self.out)

    def seen(self, quiet: Verdicts | None = None, *, thorough: bool = False) -> Seen:
        """Return what was seen. A thorough search for leaks looks for every spelling."""
        ledger, ended, verdicts = self.proxy.ledger, self.ended, self.verdicts
        return Seen(
            status=ended.status,
            fails=verdicts.fails,
            errors=verdicts.errors,
            differing=0 if quiet is None else len(verdicts.differing(quiet)),
            requests=ledger.requests,
            created=len(ledger.created),
            left=len(ledger.left),
            peak=ledger.peak,
            megabytes=ended.megabytes,
            seconds=ended.seconds,
            ending=ended.ending,
            leaks=leaking(self.out, {"the terminal": ended.output}, thorough=thorough),
            tracebacks=ended.tracebacks,
            reports=all((self.out / name).is_file() for name in _REPORTS),
            absent=tuple(self.absent),
            note=ended.note,
        )


class Bed:
    """The values that all trials share. `folder` holds their files, `scope` says which rules a trial tests."""

    def __init__(self, folder: Path, emulator: tuple[str, int], *, address: str = ADDRESS, scope: Scope = BATCH) -> None:
        self.folder, self.emulator, self.address, self.scope = folder, emulator, address, scope
        self._quiet: dict[tuple[int, int, Scope], Trial] = {}
        self._numbers, self._lock = count(1), Lock()
        self._locks: dict[tuple[int, int, Scope], Lock] = defaultdict(Lock)

    def within(self, scope: Scope) -> Bed:
        """Return the same bed for trials of other rules."""
        other = copy(self)
        other.scope = scope
        return other

    def proxy(self, seed: int) -> Proxy:
        """Return a proxy that injects nothing yet."""
        return Proxy(self.emulator, seed=seed)

    def home(self) -> Path:
        """Return the home of the suite that trials share, with the plans that it has cached."""
        return self.folder

    def new_folder(self) -> Path:
        """Return an empty folder."""
        made = self.folder / f"trial-{next(self._numbers)}"
        made.mkdir(parents=True)
        return made

    @contextmanager
    def serving(self, proxy: Proxy) -> Iterator[str]:
        """Serve a proxy; gives its URL, by which the suite takes it for another machine."""
        with running(proxy, self.address):
            yield f"http://{self.address}:{proxy.port}"

    def trial(
        self,
        proxy: Proxy,
        concurrency: int,
        *,
        how: How = PLAIN,
        extra: Sequence[str] = (),
        home: Path | None = None,
        then: Callable[[Trial], None] = lambda _trial: None,
    ) -> Trial:
        """Run the suite through a proxy; `then` goes on with the trial while the proxy still serves."""
        out = self.new_folder()
        with self.serving(proxy) as url:
            arguments = ["run", "--target", url, "--out", str(out), "--seed", str(proxy.seed)]
            arguments += ["--concurrency", str(concurrency), *consent(), *extra, *self.scope.options()]
            trial = Trial(proxy, out, arguments, carry_out(arguments, home or self.home(), how))
            then(trial)
        return trial

    def quiet(self, seed: int, concurrency: int) -> Trial:
        """Return a run without faults, carried out once."""
        asked = (seed, concurrency, self.scope)
        with self._lock:
            own = self._locks[asked]
        with own:  # who needs another quiet run does not wait for this one
            if asked not in self._quiet:
                self._quiet[asked] = self.trial(self.proxy(seed), concurrency)
        return self._quiet[asked]

    def at(self, proxy: Proxy, number: signal.Signals, requests: int, how: How = PLAIN) -> How:
        """Return how to run with a signal once that many requests have arrived."""
        return replace(how, number=number, after=lambda _seconds: proxy.ledger.requests >= requests)


def consent() -> list[str]:
    """Return the option by which the suite tests another machine than this, if it asks for one."""
    return ["--live"] if "--live" in options_of("run") else []


@contextmanager
def emulator(folder: Path) -> Iterator[tuple[str, int]]:
    """Start an emulator in a process of its own; gives its host and port. RuntimeError if it does not start."""
    command = [*SUITE, "emulate", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = None
            while found is None:
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError("the emulator did not start")
                found = re.search(r"http://([0-9.]+):(\d+)", line)
            yield found[1], int(found[2])
        finally:
            process.terminate()
