"""Two targets compared: one plan with one seed sent to both, and the exchanges in which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.exchanges.causes import Group, grouped
from reports.exchanges.normal_form import NormalForm
from reports.exchanges.pairing import Pairs, paired
from reports.exit_status import ExitStatus
from reports.quantities import plural
from reports.record.entries import Header
from reports.record.reader import exchanges_of, read_run
from reports.record.recorded_run import Run


class OtherPlan(ValueError):
    """The records are those of different plans; the message names what is another one."""


@dataclass(frozen=True)
class TwoTargets:
    """The exchanges of two runs of one plan compared; `groups` are the differences by their smallest cause."""

    old: Run
    new: Run
    pairs: Pairs
    groups: list[Group]

    @property
    def exit(self) -> ExitStatus:
        """Return 1 where an exchange differs, 3 where none could be compared, else 0."""
        if not self.pairs.compared:
            return ExitStatus.UNJUDGED
        return ExitStatus.FAILS if self.groups else ExitStatus.CONFORMS

    def headline(self) -> str:
        """Return the comparison in one sentence."""
        pairs = self.pairs
        if not pairs.compared:
            return "No exchange is in both runs, so none could be compared."
        whole = plural(pairs.compared, "exchange")
        if not self.groups:
            return f"All {whole} that both runs sent have the same response."
        verb = "has" if pairs.differing == 1 else "have"
        return f"{pairs.differing:,} of {whole} {verb} another response, for {plural(len(self.groups), 'cause')}."

    def remarks(self) -> Iterator[str]:
        """Yield what was not compared, in sentences."""
        one, other = map(len, self.pairs.alone)
        if one or other:
            yield (
                f"Without a counterpart are {plural(one, 'exchange')} of the first run and {other:,} of the second: "
                "what a run sends to confirm and shrink a failure depends on responses."
            )
        if self.pairs.unjudged:
            yield f"{plural(self.pairs.unjudged, 'exchange')} had no response that says anything about the request."


def compare_exchanges(old: Path, new: Path) -> TwoTargets:
    """Return the comparison of two records. RecordError where one cannot be read, OtherPlan where the plans differ."""
    runs = read_run(old), read_run(new)
    _same_plan(runs[0].header, runs[1].header)
    one, other = (sorted(exchanges_of(path), key=lambda each: each.number) for path in (old, new))
    forms = NormalForm.of(runs[0].header, one), NormalForm.of(runs[1].header, other)
    pairs = paired(one, other, forms)
    return TwoTargets(*runs, pairs, grouped(pairs, runs))


_OPTIONS = ("select", "reads", "checks", "shard")  # beside profile and seed, what decides on a plan


def _same_plan(old: Header, new: Header) -> None:
    before, after = _plan_of(old), _plan_of(new)
    for name, value in before.items():
        if value != after[name]:
            raise OtherPlan(
                f"the runs have another {name}: {value or 'none'} and {after[name] or 'none'}; "
                "--exchanges compares runs of the same plan"
            )


def _plan_of(header: Header) -> dict[str, Any]:
    overlays = " ".join(each.get("digest", "")[:12] for each in header.overlays)
    return {
        "operation": header.operation,
        "description": header.description.get("digest", "")[:12],
        "overlay": overlays,
        "profile": header.profile,
        "seed": str(header.seed),
        **{name: header.options.get(name) for name in _OPTIONS},
    }
