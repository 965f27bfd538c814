"""Run the suite against the reference servers and print a table of the rules that accuse them.

    python -m tests.servers.calibration --profile smoke --profile nightly --seed 0 --seed 1

Without options it runs every profile with the seeds 0 to 9 on every server, which takes hours. It exits with 1 if a rule
fails or a run could not be judged.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from conformance.cli.main import main as conformance
from conformance.profiles import PROFILES
from tests.servers.launching import SERVERS, Running, serving


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run: its exit status, the requests that it sent, the rules that failed and their smallest bodies."""

    server: str
    profile: str
    seed: int
    status: int
    requests: int
    failed: tuple[str, ...]
    bodies: tuple[str, ...]
    output: str

    def __str__(self) -> str:
        """Return a line of the table."""
        failed = ", ".join(self.failed) or "-"
        return f"{self.server:8} {self.profile:8} {self.seed:>4} {self.requests:>8} {self.status:>6}  {failed}"


def run(name: str, server: Running, profile: str, seed: int, out: Path, options: Sequence[str] = ()) -> Outcome:
    """Run a profile in this process, against a server that is ready, with its reports in `out`."""
    command = ["run", "--target", server.url, "--profile", profile, "--seed", str(seed), "--out", str(out), *options]
    output = io.StringIO()
    environment = patch.dict(os.environ, {"ULTRAVOX_API_KEY": server.key})
    with environment, redirect_stdout(output), redirect_stderr(output):
        status = conformance(command)
    path = out / "summary.json"
    summary: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    bodies = tuple(str(each["failures"][0]["body"])[:300] for each in summary.get("failures", ()))
    failed, requests = tuple(summary.get("failed", ())), summary.get("requests", 0)
    return Outcome(name, profile, seed, status, requests, failed, bodies, output.getvalue())


def outcomes(
    names: Sequence[str], profiles: Sequence[str], seeds: Sequence[int], deviations: Sequence[str] = ()
) -> Iterator[Outcome]:
    """Yield the outcome of every run, each on a server of its own that has the deviations."""
    for name, profile, seed in product(names, profiles, seeds):
        with serving(name, deviations) as server, tempfile.TemporaryDirectory() as folder:
            outcome = run(name, server, profile, seed, Path(folder))
            ended = server.ended()
            yield replace(outcome, output=ended) if ended is not None else outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.calibration", description=__doc__)
    parser.add_argument("--server", action="append", choices=SERVERS, help="run this server; may be repeated")
    parser.add_argument("--profile", action="append", choices=PROFILES, help="run this profile; may be repeated")
    parser.add_argument("--seed", action="append", type=int, help="run with this seed; may be repeated")
    parser.add_argument("--deviate", action="append", default=[], metavar="NAME", help="switch on a deviation or variant")
    parser.add_argument("--bodies", action="store_true", help="print the smallest body of every failure")
    options = parser.parse_args(arguments)
    print(f"{'server':8} {'profile':8} {'seed':>4} {'requests':>8} {'status':>6}  failed rules")
    worst = 0
    names, profiles, seeds = options.server or [*SERVERS], options.profile or [*PROFILES], options.seed or range(10)
    for outcome in outcomes(names, profiles, seeds, options.deviate):
        print(outcome, flush=True)
        if outcome.status not in (0, 1):
            print(*(f"    {line}" for line in outcome.output.splitlines()[-20:]), sep="\n", flush=True)
        if options.bodies:
            print(
                *(f"    {rule}: {body}" for rule, body in zip(outcome.failed, outcome.bodies, strict=True)),
                sep="\n",
                flush=True,
            )
        worst = worst or int(outcome.status != 0)
    return worst


if __name__ == "__main__":
    sys.exit(main())
