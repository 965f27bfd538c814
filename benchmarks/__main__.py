"""`python -m benchmarks`: measures everything side by side, prints ratios, and writes RESULTS.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import cases, economy, emulator, event_loop, generation, growth, startup
from benchmarks.findings import Findings
from benchmarks.results import page, section
from benchmarks.size import FULL, TINY, Size
from conformance.cli.process import search_seldom

BENCHMARKS: dict[str, Callable[[Size], Findings]] = {
    "generation": generation.measure,
    "cases": cases.measure,
    "economy": economy.measure,
    "event loop": event_loop.measure,
    "emulator": emulator.measure,
    "growth": growth.measure,
    "startup": startup.measure,
}
_RESULTS = Path(__file__).parent / "RESULTS.md"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures speed and economy against other tools.")
    top.add_argument("--only", metavar="NAME", action="append", choices=BENCHMARKS, help="only this one; may be given again")
    top.add_argument("--tiny", action="store_true", help="as little as shows that everything works; the figures mean nothing")
    top.add_argument("--out", metavar="FILE", type=Path, help="write here (default: RESULTS.md, for a whole run of everything)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; a missed bound is reported and fails nothing, for it may be the machine's."""
    options = parser().parse_args(arguments)
    if options.out is not None and (options.out.is_dir() or not options.out.parent.is_dir()):
        parser().error(f"--out {options.out}: it is a directory, or there is none to hold it")
    search_seldom()  # as every command of ours does
    size = TINY if options.tiny else FULL
    begun = time.perf_counter()
    findings = {}
    out = options.out or (None if options.tiny or options.only else _RESULTS)
    for name in options.only or BENCHMARKS:
        findings[name.capitalize()] = found = BENCHMARKS[name](size)
        print(f"## {name.capitalize()}", *section(found), sep="\n\n", end="\n\n", flush=True)
        if out is not None:  # as it goes, so that a run that is ended leaves what it found
            out.write_text(page(findings, time.perf_counter() - begun), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
