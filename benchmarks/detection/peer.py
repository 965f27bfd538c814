"""`schemathesis run` against the emulator with one fault: what it reports, and with how many requests.

It is run as somebody would who knows it well: with a description in words that it can generate from, and with hooks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.descriptions import ROOT, catalogue, written
from benchmarks.detection.peer_description import described
from conformance.setting import EMULATOR_KEY

_LIMIT = 300  # seconds for one run
_HOOKS = "benchmarks.detection.peer_hooks"
# Of keys and parameters that nobody described the documentation says nothing, so to send them is to waste requests.
_SETTINGS = "[generation]\nallow-extra-parameters = false\n"


@dataclass(frozen=True, slots=True)
class PeerTrial:
    """What came of one run: the names of the failures it reports, and the number of its test cases."""

    name: str
    family: str
    failures: tuple[str, ...]
    requests: int


def false_alarms(seeds: Sequence[int]) -> frozenset[str]:
    """The failures that are reported on the sound emulator, with any of the seeds."""
    return frozenset(failure for seed in seeds for failure in peer_trial("", "sound", seed=seed).failures)


def peer_trial(fault: str, family: str, *, seed: int = 1) -> PeerTrial:
    """One run with all checks, valid and invalid data, against the emulator with a fault; the sound one if it has no name."""
    with tempfile.TemporaryDirectory() as name, _faulty(fault) as url:
        folder, report = Path(name), Path(name) / "report.json"
        (folder / "schemathesis.toml").write_text(_SETTINGS, encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(written(folder, described(catalogue().contract)))]
        command += ["--url", url, "--seed", str(seed), "--header", f"X-API-Key: {EMULATOR_KEY}"]
        command += ["--checks", "all", "--mode", "all", "--continue-on-failure", "--no-shrink"]
        command += ["--suppress-health-check", "all", "--warnings", "off"]
        command += ["--report", "json", "--report-json-path", str(report)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": _HOOKS}
        subprocess.run(command, capture_output=True, cwd=folder, env=environment, timeout=_LIMIT, check=False)
        found = json.loads(report.read_text(encoding="utf-8"))
    return PeerTrial(
        name=fault,
        family=family,
        failures=tuple(sorted({failure["type"] for failure in found["failures"]})),
        requests=found["test_cases"]["generated"],
    )


@contextmanager
def _faulty(fault: str) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.detection.serving", fault]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline().split()
            if not told:
                raise RuntimeError(f"the emulator with {fault} did not start")
            yield told[-1]
        finally:
            process.terminate()
