"""The top of the page: the verdict in a sentence, the figures, the origin of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.difference.drift import Drift
from reports.html.words import WORDS
from reports.quantities import duration, plural
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus
from reports.wording import cautions, headline

# What is said of one rule and of several; failures stand in the headline already.
_SHOWN = {
    RuleStatus.PASS: ("holds", "hold"),
    RuleStatus.KNOWN: ("fails as expected", "fail as expected failures"),
    RuleStatus.ERROR: ("could not be judged", "could not be judged"),
    RuleStatus.SKIP: ("was skipped", "were skipped"),
    RuleStatus.OBSERVED: ("was only observed", "were only observed"),
}
_ICONS = {"conforms": RuleStatus.PASS, "fails": RuleStatus.FAIL}


@dataclass(frozen=True, slots=True)
class Share:
    """One stretch of the bar of outcomes, in percent."""

    rule_status: RuleStatus
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
    """A line of the facts of a run: its name, its value, and a longer form."""

    name: str
    value: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The values at the top of the page; `rule_status` gives the verdict its colour and icon."""

    headline: str
    rule_status: RuleStatus
    cautions: list[str]
    lede: str
    shares: list[Share]
    facts: list[Fact]
    levels: list[Level]


def overview(run: Run, run_status: RunStatus, drift: Drift | None = None) -> Overview:
    """Return the overview of a run, with what moved since the last night."""
    return Overview(
        headline=headline(run, run_status),
        rule_status=_ICONS.get(run_status.outcome, RuleStatus.ERROR),
        cautions=cautions(run, run_status, drift),
        lede=_lede(run, run_status),
        shares=_shares(run_status.counts()),
        facts=_facts(run),
        levels=_levels(run, run_status),
    )


def _lede(run: Run, run_status: RunStatus) -> str:
    counts = run_status.counts()
    parts = [f"{counts[each]:,} {_verb(text, counts[each])}" for each, text in _SHOWN.items() if counts[each]]
    rules = f"{_listed(parts)}. " if parts else ""
    where = "the embedded emulator" if run.header.embedded else run.header.target
    took = f"{plural(run.requests, 'request')} to {where} took {duration(run.seconds)}"
    latency = run.traffic.latency
    if not latency.count:
        return f"{rules}{took}; no response came."
    half, most = duration(latency.percentile(0.5)), duration(latency.percentile(0.95))
    return f"{rules}{took}; half of the responses came within {half}, 95 % within {most}."


def _verb(forms: tuple[str, str], count: int) -> str:
    return forms[0] if count == 1 else forms[1]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _shares(counts: Mapping[RuleStatus, int]) -> list[Share]:
    whole = sum(counts.values()) or 1
    shares: list[Share] = []
    left = 0.0
    for rule_status in RuleStatus:
        if counts.get(rule_status):
            width = 100 * counts[rule_status] / whole
            shares.append(Share(rule_status, counts[rule_status], WORDS[rule_status], round(left, 3), round(width, 3)))
            left += width
    return shares


def _facts(run: Run) -> list[Fact]:
    latency = run.traffic.latency
    return [
        Fact("Requests", f"{run.requests:,}"),
        Fact("Duration", duration(run.seconds)),
        Fact("Median response", duration(latency.percentile(0.5))),
        Fact("95 % within", duration(latency.percentile(0.95))),
        Fact("99 % within", duration(latency.percentile(0.99)), f"longest {duration(latency.longest)}"),
        *_created(run),
        Fact("Profile", run.header.profile, f"seed {run.header.seed}"),
    ]


def _created(run: Run) -> list[Fact]:
    if run.footer is None or not run.footer.created:
        return []
    return [Fact("Created", f"{run.footer.created:,}", f"{run.footer.most_live:,} at once, {len(run.footer.left):,} left")]


def _levels(run: Run, run_status: RunStatus) -> list[Level]:
    levels: dict[str, Counter[RuleStatus]] = {}
    for rule_id, rule in run.rules.items():
        levels.setdefault(rule.level, Counter())[run_status.rule_statuses[rule_id]] += 1
    return [Level(name, _shares(levels[name]), _kept(levels[name])) for name in sorted(levels, key=_weight)]


def _weight(level: str) -> tuple[int, str]:
    order = ("MUST", "SHOULD", "MAY")
    return order.index(level) if level in order else len(order), level


def _kept(counts: Counter[RuleStatus]) -> str:
    aside = {each: counts[each] for each in (RuleStatus.ERROR, RuleStatus.SKIP, RuleStatus.OBSERVED) if counts[each]}
    judged = counts.total() - sum(aside.values())
    if judged:
        return f"{counts[RuleStatus.PASS]:,} of {judged:,} hold"
    return ", ".join(f"{count:,} {WORDS[each]}" for each, count in aside.items())
