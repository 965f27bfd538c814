"""`python -m benchmarks.reliability`: runs the scenarios and writes docs/reliability.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.reliability.bed import ADDRESS, Bed, emulator
from benchmarks.reliability.page import line_of, page
from benchmarks.reliability.scenario import CONCURRENCIES, SEEDS, Result, Scenario
from benchmarks.reliability.scenarios import SCENARIOS

_PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
_TINY_SEEDS, _TINY_CONCURRENCIES = (1,), (8,)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description="Injects faults and writes a table.")
    names = sorted({name for each in SCENARIOS for name in (each.name, each.group)})
    top.add_argument(
        "--only", metavar="NAME", action="append", choices=names, help="this scenario or group; may be given again"
    )
    top.add_argument("--tiny", action="store_true", help="a few scenarios on a few rules, in less than a minute")
    top.add_argument("--seeds", metavar="N", type=int, nargs="+", choices=SEEDS, help="these seeds only (default: 1 to 5)")
    top.add_argument("--concurrency", metavar="N", type=int, nargs="+", choices=CONCURRENCIES, help="1, 8 or both (default)")
    top.add_argument("--out", metavar="FILE", type=Path, help="write here (default: docs/reliability.md, for a whole run)")
    top.add_argument("--address", default=ADDRESS, help="where the proxy listens; no loopback address (default: %(default)s)")
    top.add_argument("--list", action="store_true", help="name the scenarios, and what is expected of each")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios that the options choose; the exit status is 1 if a bound was missed."""
    options = parser().parse_args(arguments)
    if options.list:
        print("\n".join(f"{each.group:14} {each.name:52} {each.bounds.expected()}" for each in SCENARIOS))
        return 0
    complete = not (options.tiny or options.only or options.seeds or options.concurrency)
    out = options.out or (_PAGE if complete else None)
    begun, results = time.monotonic(), []
    with TemporaryDirectory(prefix="reliability-") as folder, emulator(Path(folder)) as address:
        bed = Bed(Path(folder), address, address=options.address, narrow=options.tiny)
        for scenario, seed, concurrency in _trials(options):
            results.append(Result(scenario, seed, concurrency, scenario.go(bed, seed, concurrency)))
            print(line_of(results[-1]), flush=True)
            if out is not None:  # as it goes, so that a run that is ended leaves what it found
                out.write_text(page(results, time.monotonic() - begun, complete=complete), encoding="utf-8")
    return int(any(each.missed for each in results))


def _trials(options: argparse.Namespace) -> Iterator[tuple[Scenario, int, int]]:
    for scenario in SCENARIOS:
        if options.only and not {scenario.name, scenario.group} & set(options.only):
            continue
        if options.tiny and not scenario.tiny and not options.only:
            continue
        seeds = _TINY_SEEDS if options.tiny else options.seeds or SEEDS
        concurrencies = _TINY_CONCURRENCIES if options.tiny else options.concurrency or CONCURRENCIES
        for concurrency in (each for each in scenario.concurrencies if each in concurrencies):
            yield from ((scenario, seed, concurrency) for seed in scenario.seeds if seed in seeds)


if __name__ == "__main__":
    sys.exit(main())
