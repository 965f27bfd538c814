"""Startup: how long until there is help, and until the first request of a run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from statistics import median

from benchmarks.descriptions import ROOT
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.size import Size
from benchmarks.timing import seconds_of
from conformance.embedded import EMULATOR_KEY

_COMMAND = (sys.executable, "-m", "conformance")
_HELP_BOUND, _REQUEST_BOUND = 0.3, 1.5
_GIVE_UP = 60.0


def measure(size: Size) -> Findings:
    """Start the commands several times over."""
    nothing = median(seconds_of(_nothing) for _ in range(size.starts))
    reported = median(seconds_of(_help) for _ in range(size.starts))
    sent = median(_first_request() for _ in range(size.starts))
    rows = (("an empty Python", nothing), ("--help", reported), ("first request of run", sent))
    ratios = (
        Ratio(what="seconds of --help", value=reported, at_most=_HELP_BOUND),
        Ratio(what="seconds to the first request of run", value=sent, at_most=_REQUEST_BOUND),
    )
    return Findings((Table("Seconds from the start of the process", ("what", "seconds"), rows),), ratios)


def _nothing() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def _help() -> None:
    subprocess.run([*_COMMAND, "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _first_request() -> float:
    """Seconds until a server that never responses sees the first bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryDirectory() as out:
        listener.settimeout(_GIVE_UP)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [*_COMMAND, "run", "--target", url, "--out", out, "--quiet"]
        environment = {**os.environ, "ULTRAVOX_API_KEY": EMULATOR_KEY}
        begun = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(_GIVE_UP)
                    connection.recv(1)
                    return time.perf_counter() - begun
            finally:
                process.kill()
