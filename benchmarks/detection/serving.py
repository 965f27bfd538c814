"""The emulator with a fault or a mutant by name: `python -m benchmarks.detection.serving NAME` (empty for a conforming one)."""

from __future__ import annotations

import logging
import sys

from benchmarks.descriptions import catalogue
from conformance.embedded import EMULATOR_KEY
from conformance.selfcheck.trials import bench
from emulator.app import create_app
from emulator.serving import serve


def main(name: str) -> None:
    """Serve until it is ended."""
    faults = [bench(catalogue(), "smoke").faults[name]] if name else []
    logging.disable()
    serve(create_app(catalogue().contract, keys=frozenset({EMULATOR_KEY}), faults=faults), port=0)


if __name__ == "__main__":
    main(sys.argv[1])
