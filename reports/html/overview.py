"""What stands at the top of the page: the verdict in a sentence, the figures, where the run came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.html.words import WORDS
from reports.record.recorded_run import Run
from reports.status import Decision, Standing
from reports.wording import cautions, duration, headline, plural

# What is said of one rule and of several; failures stand in the headline already.
_TOLD = {
    Standing.PASS: ("holds", "hold"),
    Standing.KNOWN: ("fails as a known deviation", "fail as known deviations"),
    Standing.ERROR: ("could not be judged", "could not be judged"),
    Standing.SKIP: ("was skipped", "were skipped"),
    Standing.OBSERVED: ("was only observed", "were only observed"),
}
_ICONS = {"conforms": Standing.PASS, "fails": Standing.FAIL}


@dataclass(frozen=True, slots=True)
class Share:
    """One stretch of the bar of outcomes, in percent."""

    standing: Standing
    count: int
    word: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Level:
    """The rules of one level: a bar, and how many of those judged hold."""

    name: str
    shares: list[Share]
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """`standing` gives the verdict its colour and icon."""

    headline: str
    standing: Standing
    cautions: list[str]
    lede: str
    shares: list[Share]
    facts: list[Fact]
    levels: list[Level]


def overview(run: Run, decision: Decision) -> Overview:
    return Overview(
        headline=headline(run, decision),
        standing=_ICONS.get(decision.outcome, Standing.ERROR),
        cautions=cautions(run, decision),
        lede=_lede(run, decision),
        shares=_shares(decision.counts()),
        facts=_facts(run),
        levels=_levels(run, decision),
    )


def _lede(run: Run, decision: Decision) -> str:
    counts = decision.counts()
    parts = [f"{counts[each]:,} {_verb(text, counts[each])}" for each, text in _TOLD.items() if counts[each]]
    rules = f"Of {plural(len(run.rules), 'rule')}, {_listed(parts)}. " if parts else ""
    where = "the embedded emulator" if run.header.embedded else run.header.target
    took = f"{plural(run.requests, 'request')} to {where} took {duration(run.seconds)}"
    latency = run.traffic.latency
    if not latency.count:
        return f"{rules}{took}; no answer came."
    half, most = duration(latency.percentile(0.5)), duration(latency.percentile(0.95))
    return f"{rules}{took}; half of the answers came within {half}, 95 % within {most}."


def _verb(forms: tuple[str, str], count: int) -> str:
    return forms[0] if count == 1 else forms[1]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _shares(counts: Mapping[Standing, int]) -> list[Share]:
    whole = sum(counts.values()) or 1
    shares: list[Share] = []
    left = 0.0
    for standing in Standing:
        if counts.get(standing):
            width = 100 * counts[standing] / whole
            shares.append(Share(standing, counts[standing], WORDS[standing], round(left, 3), round(width, 3)))
            left += width
    return shares


def _facts(run: Run) -> list[Fact]:
    latency = run.traffic.latency
    return [
        Fact("Requests", f"{run.requests:,}"),
        Fact("Duration", duration(run.seconds)),
        Fact("Median answer", duration(latency.percentile(0.5))),
        Fact("95 % within", duration(latency.percentile(0.95))),
        Fact("99 % within", duration(latency.percentile(0.99)), f"longest {duration(latency.longest)}"),
        Fact("Profile", run.header.profile, f"seed {run.header.seed}"),
    ]


def _levels(run: Run, decision: Decision) -> list[Level]:
    levels: dict[str, Counter[Standing]] = {}
    for rule_id, rule in run.rules.items():
        levels.setdefault(rule.level, Counter())[decision.standings[rule_id]] += 1
    return [Level(name, _shares(levels[name]), _kept(levels[name])) for name in sorted(levels, key=_weight)]


def _weight(level: str) -> tuple[int, str]:
    order = ("MUST", "SHOULD", "MAY")
    return order.index(level) if level in order else len(order), level


def _kept(counts: Counter[Standing]) -> str:
    aside = {each: counts[each] for each in (Standing.ERROR, Standing.SKIP, Standing.OBSERVED) if counts[each]}
    judged = counts.total() - sum(aside.values())
    if judged:
        return f"{counts[Standing.PASS]:,} of {judged:,} hold"
    return ", ".join(f"{count:,} {WORDS[each]}" for each, count in aside.items())
