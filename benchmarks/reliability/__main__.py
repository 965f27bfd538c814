"""`python -m benchmarks.reliability`: runs the scenarios and writes docs/reliability.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.reliability.bed import ADDRESS, Bed, emulator
from benchmarks.reliability.page import line_of, page
from benchmarks.reliability.scenario import CONCURRENCIES, MOST_SEEDS, Result, Scenario
from benchmarks.reliability.scenarios import SCENARIOS
from benchmarks.reliability.scope import NARROW

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
    top.add_argument(
        "--seeds",
        metavar="N",
        type=int,
        nargs="+",
        choices=MOST_SEEDS,
        help="these seeds only (default: those of each scenario)",
    )
    top.add_argument("--concurrency", metavar="N", type=int, nargs="+", choices=CONCURRENCIES, help="1, 8 or both (default)")
    top.add_argument("--out", metavar="FILE", type=Path, help="write here (default: docs/reliability.md, for a whole run)")
    top.add_argument("--address", default=ADDRESS, help="where the proxy listens; no loopback address (default: %(default)s)")
    top.add_argument("--jobs", metavar="N", type=int, default=1, help="trials at a time (default: 1)")
    top.add_argument("--most-time", metavar="SECONDS", type=float, help="begin no trial after so long; the page names the rest")
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
        bed = Bed(Path(folder), address, address=options.address)
        for result in _carried_out(options, bed):
            results.append(result)
            print(line_of(result), flush=True)
            if out is not None:  # as it goes, so that a run that is ended leaves what it found
                written = page(results, time.monotonic() - begun, complete=complete, left_out=_left_out(results))
                out.write_text(written, encoding="utf-8")
            if options.most_time is not None and time.monotonic() - begun > options.most_time:
                break
    return int(any(each.missed for each in results))


def _carried_out(options: argparse.Namespace, bed: Bed) -> Iterator[Result]:
    """Yield the results of the trials in their order, several carried out at a time; what is not waited for is not begun."""

    def trial(asked: tuple[Scenario, int, int]) -> Result:
        scenario, seed, concurrency = asked
        scenario = replace(scenario, scope=NARROW) if options.tiny else scenario
        return Result(scenario, seed, concurrency, scenario.go(bed.within(scenario.scope), seed, concurrency))

    pool = ThreadPoolExecutor(options.jobs)
    try:
        yield from pool.map(trial, _trials(options))
    finally:
        pool.shutdown(cancel_futures=True)


def _left_out(results: Sequence[Result]) -> list[str]:
    """Return the names of the scenarios without a trial, and those with fewer than they have."""
    known = Counter(each.scenario.name for each in results)
    return [
        f"{each.name} ({known[each.name]} of {len(each.seeds) * len(each.concurrencies)} trials)"
        for each in SCENARIOS
        if known[each.name] < len(each.seeds) * len(each.concurrencies)
    ]


def _trials(options: argparse.Namespace) -> Iterator[tuple[Scenario, int, int]]:
    """Yield the trials that the options choose; those that send one request at a time take longest, and come last."""
    seeds = _TINY_SEEDS if options.tiny else options.seeds or MOST_SEEDS
    concurrencies = _TINY_CONCURRENCIES if options.tiny else options.concurrency or CONCURRENCIES
    chosen = [each for each in SCENARIOS if _is_chosen(each, options)]
    for concurrency in sorted(concurrencies, reverse=True):
        for scenario in (each for each in chosen if concurrency in each.concurrencies):
            yield from ((scenario, seed, concurrency) for seed in scenario.seeds if seed in seeds)


def _is_chosen(scenario: Scenario, options: argparse.Namespace) -> bool:
    if options.only:
        return bool({scenario.name, scenario.group} & set(options.only))
    return scenario.tiny or not options.tiny


if __name__ == "__main__":
    sys.exit(main())
