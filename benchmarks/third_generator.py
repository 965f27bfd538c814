"""`python -m benchmarks.third_generator`: what hypothesis-jsonschema finds alone, and beside our own generators.

Each fault of a sample is planted by itself, and the phases of one generator are run against it, after the same baseline. What
the planned bodies of ours miss is what another generator could add.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.descriptions import catalogue
from benchmarks.findings import Findings, Table
from benchmarks.results import section
from benchmarks.size import TINY
from conformance.cli.process import search_seldom
from conformance.profiles import PROFILES
from conformance.selfcheck.matrix import sample
from conformance.selfcheck.trials import Bench, Trial
from emulator.variants import CONFORMING

_OURS = "ours: planned bodies of smoke"
_PAGE = Path(__file__).parent / "third_generator.md"
_HEAD = """\
# What the third generator finds

Written by `python -m benchmarks.third_generator`. hypothesis-jsonschema draws bodies from the JSON Schema alone and shares no
code with our generators. Each fault of a sample of all families is planted in the emulator by itself. One generator is run
against it, after the same baseline. *Caught*: a rule failed. *Named*: a rule failed that the fault is expected to break.
*Accused*: runs against conforming variants in which a rule failed. The first run of a generator also makes its bodies."""


_SO_FAR = """\
Where it catches no fault that the planned bodies miss, its use is that of a second opinion. It has found two false alarms of
the suite: a server was accused of refusing, and another one of not showing, a member of a type without members. Both are
repaired."""


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator under measurement: a profile, and its phases that are carried out."""

    name: str
    profile: str
    phases: Collection[str]
    bodies: int | None = None


GENERATORS = (
    Generator(_OURS, "smoke", {"bodies"}),
    Generator("ours: drawn bodies of nightly", "nightly", {"drawn"}),
    Generator("third generator, 60 bodies of nightly", "nightly", {"third generator"}),
)
DEEP = Generator("third generator, 400 bodies of deep", "deep", {"third generator"})


@dataclass(frozen=True, slots=True)
class Measured:
    """The trials of a generator, by fault, and the variants of a conforming server that it accused."""

    trials: Mapping[str, Trial]
    accused: Sequence[str]
    conforming: int

    @property
    def seconds(self) -> tuple[float, float]:
        """Return how long the first run took, which draws or plans, and half of the others at most."""
        first, *others = [each.seconds for each in self.trials.values()]
        return first, median(others or [first])

    @property
    def caught(self) -> frozenset[str]:
        """Return the faults for which a rule failed."""
        return frozenset(name for name, each in self.trials.items() if each.caught)


def measure(
    generator: Generator, faults: Sequence[str], variants: Sequence[str], seeds: int, properties: int | None = None
) -> Measured:
    """Return what a generator finds of faults, and whom it accuses of conforming variants.

    `properties` is how many properties the description has, all of them if it is None.
    """
    profile = PROFILES[generator.profile]
    if generator.bodies is not None:
        profile = replace(profile, third_generator=generator.bodies)
    bench = Bench(catalogue(properties), profile)
    trials = {name: bench.try_fault(name, only=generator.phases) for name in faults}
    runs = [bench.try_conforming(name, seed, only=generator.phases) for name in variants for seed in range(1, seeds + 1)]
    return Measured(trials, [each.name for each in runs if each.failed], len(runs))


def findings(measured: Mapping[str, Measured]) -> Findings:
    """Return the table of generators, and the faults that ours missed and another one caught."""
    ours = measured[_OURS].caught
    columns = (
        "generator",
        "faults",
        "caught",
        "named",
        "caught, missed by ours",
        "requests a run",
        "s, first",
        "s, median",
        "accused",
    )
    rows = [
        (
            name,
            len(each.trials),
            len(each.caught),
            sum(trial.named for trial in each.trials.values()),
            len(each.caught - ours),
            _mean([trial.requests for trial in each.trials.values()]),
            *each.seconds,
            f"{len(each.accused)} of {each.conforming}",
        )
        for name, each in measured.items()
    ]
    more = sorted(set().union(*(each.caught for each in measured.values())) - ours)
    notes = [f"Missed by the planned bodies and caught by another generator: {', '.join(more) or 'none'}."]
    notes += [f"Accused by {name}: {', '.join(each.accused)}." for name, each in measured.items() if each.accused]
    return Findings((Table("One run for each fault and each conforming variant", columns, tuple(rows)),), (), tuple(notes))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.third_generator", description="Measures the third generator.")
    top.add_argument("--faults", metavar="N", type=int, default=40, help="a sample of N faults of all families (default: 40)")
    top.add_argument("--seeds", metavar="N", type=int, default=1, help="seeds of each conforming variant (default: 1)")
    top.add_argument("--deep", action="store_true", help="the third generator with 400 bodies, too")
    top.add_argument("--tiny", action="store_true", help="two faults, few properties and bodies; the figures mean nothing")
    top.add_argument("--out", metavar="FILE", type=Path, default=_PAGE, help="write here (default: third_generator.md)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; the exit status is 1 if a conforming variant was accused."""
    options = parser().parse_args(arguments)
    search_seldom()
    begun = time.perf_counter()
    properties = TINY.properties if options.tiny else None
    families = {name: fault.family for name, fault in Bench(catalogue(properties), PROFILES["smoke"]).faults.items()}
    faults = ["temperature-negative", "temperature-a-little-above-1"] if options.tiny else sample(families, options.faults)
    variants = list(CONFORMING)[: 1 if options.tiny else None]
    measured: dict[str, Measured] = {}
    for each in (*GENERATORS, *([DEEP] if options.deep else [])):
        chosen = replace(each, bodies=2) if options.tiny else each
        measured[each.name] = measure(chosen, faults, variants, options.seeds, properties)
        print(f"{each.name}: {len(measured[each.name].caught)} of {len(faults)}", file=sys.stderr, flush=True)
    text = "\n\n".join([_HEAD, *section(findings(measured)), _SO_FAR, f"Measured in {time.perf_counter() - begun:,.0f} s."])
    options.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 1 if any(each.accused for each in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
