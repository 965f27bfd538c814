"""Test the tests: `python -m mutation [--area NAME] [--sample N] [--seed N]`.

Each mutant runs against the tests nearest to it. The exit status is 1 if they kill fewer than nine in ten, of all or of one
area. It is 2 if they fail without a mutant. A mutant that survives is printed; `survivors.yaml` lists those that no test has to
notice.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from mutation.areas import ROOT, Areas, read_areas, read_survivors
from mutation.mutants import Mutant, mutants_of
from mutation.report import Figures, Origin, write
from mutation.trial import Trial, copied, passes, preload, trials

_WANTED = 0.9  # of the mutants that are not listed
_ENOUGH = 20  # mutants of an area for their share to say something of it


def main(arguments: list[str]) -> int:
    """Try the mutants and print the survivors and a table; return the exit status."""
    areas = read_areas()
    options = _parser(areas).parse_args(arguments)
    survivors = read_survivors()
    mutants = {
        mutant: area for area in options.area or areas.areas for mutant in _chosen(areas, area, options.sample, options.seed)
    }
    preload()
    found: dict[str, list[tuple[Trial, bool]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        copies = [copied(ROOT, Path(folder, str(index))) for index in range(options.processes)]
        tests = dict.fromkeys(test for mutant in mutants for test in areas.tests(mutant.module))
        if not options.unchecked and not passes(copies[0], tests):
            print("the tests fail without a mutant", file=sys.stderr)
            return 2
        with suppress(KeyboardInterrupt):  # the figures are of what was tried until then
            for trial in trials(mutants, areas.tests, ROOT, copies, options.limit):
                listed = not trial.killed and any(each.is_(trial.mutant) for each in survivors)
                if not (trial.killed or listed):
                    print(f"survived: {trial.mutant}", flush=True)
                found[mutants[trial.mutant]].append((trial, listed))
    figures = _figures(found)
    if options.report:
        write(options.report, figures, Origin(date.today().isoformat(), options.sample, options.seed))
    return summed(figures, options.least)


def _parser(areas: Areas) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mutation", description="Test the tests with mutants of the code.")
    parser.add_argument("--area", action="append", choices=[*areas.areas], help="an area; repeatable (default: all)")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each area (default: all mutants)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="chooses the sample (default: 1)")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="trials at a time (default: 2)")
    parser.add_argument(
        "--limit", type=float, default=120, metavar="SECONDS", help="of the processor, for a trial (default: 120)"
    )
    parser.add_argument("--least", type=float, default=_WANTED, metavar="SHARE", help="of mutants to kill (default: 0.9)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the figures to a Markdown file")
    parser.add_argument("--unchecked", action="store_true", help="do not run the tests without a mutant first")
    return parser


def _chosen(areas: Areas, area: str, sample: int | None, seed: int) -> list[Mutant]:
    """Return all mutants of an area, or a sample in which each module has its share by size."""
    modules = list(areas.modules(area))
    if sample is None:
        return [mutant for module in modules for mutant in mutants_of(ROOT, module)]
    chosen = random.Random(f"{area} {seed}")
    sizes = [len((ROOT / module).read_text(encoding="utf-8")) for module in modules]
    drawn = chosen.choices(modules, weights=sizes, k=sample)
    found = [mutant for module in modules for mutant in mutants_of(ROOT, module, chosen, drawn.count(module))]
    chosen.shuffle(found)  # those that were tried until an interruption are a sample of the whole area as well
    return found


def _figures(found: Mapping[str, Sequence[tuple[Trial, bool]]]) -> dict[str, Figures]:
    """Return the figures of each area from its trials, each with whether its mutant is a listed survivor."""
    return {
        area: Figures(
            killed=sum(trial.killed for trial, _ in ended),
            listed=sum(listed for _, listed in ended),
            holes=tuple(str(trial.mutant) for trial, listed in ended if not (trial.killed or listed)),
        )
        for area, ended in found.items()
    }


def summed(figures: Mapping[str, Figures], least: float) -> int:
    """Print a table of the areas and the share of mutants that were killed; return the exit status."""
    print(f"{'area':20}{'mutants':>9}{'killed':>9}{'listed':>9}{'holes':>9}{'share':>9}")
    for area, each in figures.items():
        print(f"{area:20}{each.mutants:9}{each.killed:9}{each.listed:9}{len(each.holes):9}{each.share:9.0%}")
    whole = Figures(
        sum(each.killed for each in figures.values()), 0, tuple(hole for each in figures.values() for hole in each.holes)
    )
    print(f"{whole.share:.0%} of the mutants that are not listed were killed")
    few = [area for area, each in figures.items() if each.mutants >= _ENOUGH and each.share < least]
    print(*(f"too few in {area}" for area in few), sep="\n", end="\n" if few else "")
    return 0 if whole.share >= least and not few else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
