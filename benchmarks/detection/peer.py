"""`schemathesis run` against the emulator with one fault: what it reports, and with how many requests.

It is run as somebody would who knows it well: with a description in words that it can generate from, and with hooks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.descriptions import ROOT, catalogue, written
from benchmarks.detection.peer_description import described
from conformance.embedded import EMULATOR_KEY
from openapi.json_types import Json

_LIMIT = 3600  # seconds for one run
_HOOKS = "benchmarks.detection.peer_hooks"
_MIRROR = "benchmarks.detection.peer_mirror"
# Of keys and parameters that nobody described the documentation says nothing, so to send them is to waste requests.
_SETTINGS = "[generation]\nallow-extra-parameters = false\n"


@dataclass(frozen=True, slots=True)
class PeerTrial:
    """The outcome of one run: the names of the failures it reports, and the number of its test cases."""

    name: str
    family: str
    failures: tuple[str, ...]
    requests: int


def false_alarms(seeds: Sequence[int]) -> frozenset[str]:
    """Return the failures that are reported on the conforming emulator, with any of the seeds."""
    return frozenset(failure for seed in seeds for failure in peer_trial("", "conforming", seed=seed).failures)


def peer_trial(fault: str, family: str, *, seed: int = 1) -> PeerTrial:
    """Return one run with all checks, valid and invalid data, against the emulator with a fault.

    A conforming one without a name.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = _run(Path(folder), fault, seed, {"SCHEMATHESIS_HOOKS": _HOOKS})
    failures = tuple(sorted({failure["type"] for failure in found["failures"]}))
    return PeerTrial(fault, family, failures, found["test_cases"]["generated"])


def mirrored_trials(families: Mapping[str, str], *options: str, seed: int = 1) -> list[PeerTrial]:
    """Return one run for many faults, by name with their families: each request is sent to the emulator with each of them."""
    with tempfile.TemporaryDirectory() as folder:
        mirror = Path(folder) / "mirror.json"
        mirror.write_text(json.dumps(list(families)), encoding="utf-8")
        found = _run(Path(folder), "", seed, {"SCHEMATHESIS_HOOKS": _MIRROR, "MIRROR": str(mirror)}, options)
        reported = json.loads(mirror.read_text(encoding="utf-8"))
    requests = found["test_cases"]["generated"]
    return [PeerTrial(name, family, tuple(reported[name]), requests) for name, family in families.items()]


def _run(folder: Path, fault: str, seed: int, environment: Mapping[str, str], options: Sequence[str] = ()) -> Json:
    """Return the report of a run."""
    report = folder / "report.json"
    (folder / "schemathesis.toml").write_text(_SETTINGS, encoding="utf-8")
    with _faulty(fault) as url:
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(written(folder, described(catalogue().contract)))]
        command += ["--url", url, "--seed", str(seed), "--header", f"X-API-Key: {EMULATOR_KEY}"]
        command += ["--checks", "all", "--mode", "all", "--continue-on-failure", "--no-shrink"]
        command += ["--suppress-health-check", "all", "--warnings", "off"]
        command += ["--report", "json", "--report-json-path", str(report), *options]
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        reported = subprocess.run(
            command, capture_output=True, cwd=folder, env=variables, timeout=_LIMIT, check=False, text=True
        )
    if not report.is_file():
        raise RuntimeError(f"Schemathesis wrote no report: {reported.stdout[-2000:]}{reported.stderr[-2000:]}")
    return json.loads(report.read_text(encoding="utf-8"))


@contextmanager
def _faulty(fault: str) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.detection.serving", fault]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            reported = process.stdout.readline().split()
            if not reported:
                raise RuntimeError(f"the emulator with {fault} did not start")
            yield reported[-1]
        finally:
            process.terminate()
