"""`python -m benchmarks.narrow`: runs one rule at a time and prints what each takes beyond the baseline."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from benchmarks.descriptions import catalogue
from benchmarks.sessions import Runner, our_plan, whole
from conformance.cli.process import search_seldom
from conformance.http.exchange import Exchange
from reports.record.entries import Outcome, Verdict

MOST_REQUESTS, MOST_CREATED = 12, 3  # of one rule, beyond the baseline


@dataclass(frozen=True, slots=True)
class Spent:
    """The requests of a run, the objects that it created, and its verdicts."""

    requests: int
    created: int
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Narrow:
    """One rule alone: what it takes beyond the baseline, and its outcome, alone and in a whole run."""

    rule: str
    requests: int
    created: int
    outcome: Outcome
    whole: Outcome

    @property
    def problem(self) -> str:
        """Return which bound is missed, in words; empty where none is."""
        found = ["too many requests"] if self.requests > MOST_REQUESTS else []
        found += ["too many created"] if self.created > MOST_CREATED else []
        found += [] if self.outcome is self.whole else [f"{self.outcome} alone, {self.whole} in a whole run"]
        return ", ".join(found)


def sweep(rules: Iterable[str], runner: Runner) -> Iterator[Narrow]:
    """Yield what each rule takes in a narrow run against the emulator, as the runs end."""
    everything, baseline = _spent(runner), _spent(replace(runner, phases={}))
    for rule in rules:
        alone = _spent(replace(runner, select=[_literal(rule)]))
        yield Narrow(
            rule=rule,
            requests=alone.requests - baseline.requests,
            created=alone.created - baseline.created,
            outcome=alone.verdicts[rule].outcome,
            whole=everything.verdicts[rule].outcome,
        )


def of_each_kind(rules: Iterable[str]) -> list[str]:
    """Return the first rule of each kind: of the same part of the catalogue, about the same keyword or behaviour."""
    first: dict[tuple[str, str], str] = {}
    for rule in rules:
        first.setdefault((rule.split(".")[0], rule.rpartition(".")[2]), rule)
    return list(first.values())


def _spent(runner: Runner) -> Spent:
    seen: list[Exchange] = []
    ending = runner.in_process(seen.append)
    created = sum(each.is_success and not each.case.method for each in seen)
    return Spent(len(seen), created, {each.rule: each for each in ending.verdicts})


def _literal(rule: str) -> str:
    """Return the glob that selects one rule alone, whose id may have an asterisk for the items of an array."""
    return rule.replace("*", "[*]")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.narrow", description="Measures runs of one rule.")
    top.add_argument("--all", action="store_true", help="every rule (default: one of each kind)")
    top.add_argument("--select", metavar="GLOB", action="append", help="these rules; may be given again")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each rule; the exit status is 1 if a bound was missed."""
    options = parser().parse_args(arguments)
    search_seldom()
    rules = [each for each in catalogue().rules if any(fnmatchcase(each, glob) for glob in options.select or ["*"])]
    if not rules:
        parser().error("no rule is selected")
    found: list[Narrow] = []
    runner = whole("smoke", catalogue(), our_plan())
    for each in sweep(rules if options.all or options.select else of_each_kind(rules), runner):
        print(f"{each.rule:96} {each.requests:4} {each.created:3}  {each.problem}".rstrip(), flush=True)
        found.append(each)
    missed = sum(bool(each.problem) for each in found)
    most, created = max(each.requests for each in found), max(each.created for each in found)
    print(f"{len(found)} rules, {missed} beyond a bound; at most {most} requests and {created} created beyond the baseline")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
