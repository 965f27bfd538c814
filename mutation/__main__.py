"""Test the tests: `python -m mutation [--area NAME] [--sample N] [--seed N]`.

Each mutant runs against the tests nearest to it. The exit status is 1 if they kill fewer than nine in ten, 2 if they
fail without a mutant. A mutant that survives is printed; `survivors.yaml` lists those that no test has to notice.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from mutation.areas import ROOT, Areas, read_areas, read_survivors
from mutation.mutants import Mutant, mutants_of
from mutation.trial import Trial, copied, passes, preload, trials

_WANTED = 0.9  # of the mutants that are not listed, of a whole area


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
        for trial in trials(mutants, areas.tests, ROOT, copies, options.limit):
            listed = not trial.killed and any(each.is_(trial.mutant) for each in survivors)
            if not (trial.killed or listed):
                print(f"survived: {trial.mutant}", flush=True)
            found[mutants[trial.mutant]].append((trial, listed))
    return _summed(found, options.least)


def _parser(areas: Areas) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mutation", description="Test the tests with mutants of the code.")
    parser.add_argument("--area", action="append", choices=[*areas.areas], help="an area; repeatable (default: all)")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each area (default: all mutants)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="chooses the sample (default: 1)")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="trials at a time (default: 2)")
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS", help="the longest trial (default: 120)")
    parser.add_argument("--least", type=float, default=_WANTED, metavar="SHARE", help="of mutants to kill (default: 0.9)")
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
    return [mutant for module in modules for mutant in mutants_of(ROOT, module, chosen, drawn.count(module))]


def _summed(found: dict[str, list[tuple[Trial, bool]]], least: float) -> int:
    """Print a table of the areas and the share of mutants that were killed; return the exit status."""
    killed_in_all = holes_in_all = 0
    print(f"{'area':20}{'mutants':>9}{'killed':>9}{'listed':>9}{'holes':>9}{'seconds':>9}")
    for area, ended in found.items():
        killed, known = sum(trial.killed for trial, _ in ended), sum(listed for _, listed in ended)
        holes = len(ended) - killed - known
        print(f"{area:20}{len(ended):9}{killed:9}{known:9}{holes:9}{sum(trial.seconds for trial, _ in ended):9.0f}")
        killed_in_all, holes_in_all = killed_in_all + killed, holes_in_all + holes
    share = killed_in_all / max(killed_in_all + holes_in_all, 1)
    print(f"{share:.0%} of the mutants that are not listed were killed")
    return 0 if share >= least else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
