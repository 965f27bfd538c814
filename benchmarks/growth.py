"""Growth: what time and memory cost as descriptions grow, and whether a long run keeps memory flat."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.descriptions import multiplied, ours, vendor, written
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.length import peaks
from benchmarks.memory import peak, reset_peak
from benchmarks.sessions import Runner, prepared, whole
from benchmarks.size import Size
from benchmarks.timing import seconds_of
from conformance.run import long_lived
from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from reports.artifacts import write_all
from reports.record.reader import read_run
from strategies.plan.shared import SharedPlan

OURS, VENDOR = "ours", "the vendor's later one"
STEPS = ("catalogue", "plan", "run", "record", "report")
# Nothing is measured finer than this.
_ABOUT_LINEAR = 1.5


@dataclass
class Stages:
    """The way from a description to its report, a step at a time; each step leaves what the next one needs."""

    description: str
    overlays: list[str] | None
    folder: Path
    most: int | None

    def catalogue(self) -> None:
        """Read the description."""
        self.made: Catalogue = catalogue_of(load_contract(self.description, self.overlays, contract="ultravox"))

    def plan(self) -> None:
        """Make every case of smoke."""
        self.cases: SharedPlan = prepared(self.made)

    def run(self) -> None:
        """Run smoke in this process."""
        plain = whole("smoke", self.made)
        runner = Runner(self.made, plain.profile, plain.phases, self.cases, self.record_path, self.most)
        self.ending = runner.in_process()

    def record(self) -> None:
        """Read the record."""
        read_run(self.record_path)

    def report(self) -> None:
        """Read the record and draw every report."""
        write_all(self.record_path, self.folder)

    @property
    def record_path(self) -> Path:
        """Return where the run is recorded."""
        return self.folder / "run.jsonl"

    def steps(self) -> dict[str, Callable[[], None]]:
        """Return the steps in their order."""
        return dict(zip(STEPS, (self.catalogue, self.plan, self.run, self.record, self.report), strict=True))


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a description: rules, and seconds and peak megabytes of each step."""

    rules: int
    outcome: str
    seconds: dict[str, float]
    megabytes: dict[str, float]


def measure(size: Size) -> Findings:
    """Return each description in turn, the record of the first one repeated for the long run."""
    gc.collect()
    # What other benchmarks have left is not looked through while this one measures.
    with tempfile.TemporaryDirectory() as name, long_lived():
        folder = Path(name)
        costs = {about: _cost(stages, size.rounds) for about, stages in _descriptions(size, folder)}
        record = folder / OURS / "run.jsonl"
        short, long = (peaks(record, count) for count in size.exchanges)
    rows = [
        (about, str(cost.rules), step, cost.seconds[step], 1000 * cost.seconds[step] / cost.rules, cost.megabytes[step])
        for about, cost in costs.items()
        for step in STEPS
    ]
    columns = ("description", "rules", "step", "seconds", "ms a rule", "peak MB")
    few, many = size.exchanges
    lengths = Table(
        "Peak memory of runs by their length",
        ("step", f"MB, {few:,} exchanges", f"MB, {many:,} exchanges"),
        tuple((step, short[step], long[step]) for step in short),
    )
    flat = (
        Ratio(what=f"peak memory of {step}, {many:,} / {few:,} exchanges", value=long[step] / short[step], at_most=1.2)
        for step in short
    )
    notes = [
        "Seconds are those of the processor, the least of several tries.",
        "Memory is what is resident at most during the step, Python included.",
    ]
    notes += [f"{about}: the run ended with {cost.outcome}." for about, cost in costs.items() if cost.outcome != "conforms"]
    return Findings((Table("Steps", columns, tuple(rows)), lengths), (*_ratios(costs), *flat), tuple(notes))


def _descriptions(size: Size, folder: Path) -> Iterator[tuple[str, Stages]]:
    wanted: dict[str, tuple[str, list[str] | None]] = {OURS: (ours(), None)}
    if size.properties is not None:
        wanted[OURS] = (str(written(folder, multiplied(1, size.properties), "fewer.json")), [])
    later = vendor() if size.vendor else None
    if later is not None:
        wanted[VENDOR] = (later, None)
    if size.times > 1:
        wanted[f"ours {size.times} times over"] = (str(written(folder, multiplied(size.times, size.properties))), [])
    for about, (description, overlays) in wanted.items():
        (folder / about).mkdir()
        yield about, Stages(description, overlays, folder / about, size.most)


def _cost(stages: Stages, rounds: int) -> Cost:
    seconds, megabytes = {}, {}
    for step, action in stages.steps().items():
        reset_peak()
        # What else the machine does can only add to it.
        seconds[step] = min(seconds_of(action, time.process_time) for _ in range(rounds))
        megabytes[step] = peak()
    return Cost(len(stages.made.rules), stages.ending.outcome, seconds, megabytes)


def _ratios(costs: dict[str, Cost]) -> Iterator[Ratio]:
    """Cost per rule against that of our own description: 1 is linear."""
    ours = costs[OURS]
    for about, cost in costs.items():
        for step in STEPS if cost is not ours else ():
            per_rule = (cost.seconds[step] / cost.rules) / (ours.seconds[step] / ours.rules)
            yield Ratio(what=f"seconds of {step} per rule, {about} / {OURS}", value=per_rule, at_most=_ABOUT_LINEAR)
