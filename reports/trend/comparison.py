"""Two runs compared: rules that broke, were repaired, appeared, vanished or behave otherwise. A rule that broke held before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from shlex import quote

from reports.body_lines import printable
from reports.difference.difference import Description, DescriptionChange, change_about, differences
from reports.difference.formats import headline as description_headline
from reports.difference.formats import text as description_text
from reports.exchanges.normal_form import steady
from reports.program import program
from reports.record.entries import Header, Outcome
from reports.record.recorded_run import Run
from reports.status import EXITS
from reports.trend.changes import Change, LatencyShift, latency_shifts

_UNJUDGED = frozenset({Outcome.ERROR, Outcome.SKIP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The differences of `new` from `old`. Rules are matched by id, so the description may have changed.

    `described` are the changes of the description itself, empty where both runs had the same one.
    """

    old: Run
    new: Run
    now_failing: list[Change]
    failing_first: list[Change]
    repaired: list[Change]
    still_failing: list[Change]
    appeared: list[Change]
    vanished: list[Change]
    lost: list[Change]
    found: list[Change]
    observed: list[Change]
    latency: list[LatencyShift]
    origin: list[tuple[str, str, str]]
    described: list[DescriptionChange]

    def cause(self, change: Change) -> str | None:
        """Return which moved, the description or the server, where a rule broke and the runs had other descriptions."""
        if not self.described:
            return None
        about = change_about(change.rule.id, self.described)
        if about is None:
            return "the description of this rule is the same, so the server moved"
        return f"the description moved: {about.kind}, {about.old or 'nothing'} before"

    @property
    def broke(self) -> bool:
        """Return whether a rule fails that held before. One that was not judged before did not break."""
        return bool(self.now_failing)

    @property
    def outcome(self) -> str:
        """Return `fails` if a rule fails that did not before, `unjudged` if the later run was not judged, else `conforms`."""
        if self.now_failing or self.failing_first:
            return "fails"
        was_judged = self.new.footer is not None and self.new.footer.exit != EXITS["unjudged"]
        return "conforms" if was_judged else "unjudged"

    def text(self, record: str | None = None) -> str:
        """Return the comparison for a terminal; with the commands that replay what broke, if the later `record` is named."""
        return printable("\n".join(_text(self, record)))

    def headline(self) -> str:
        """Return the comparison in one sentence."""
        parts = [
            _count(self.now_failing, "rule broke", "rules broke"),
            _count(self.failing_first, "rule fails that was not judged before", "rules fail that were not judged before"),
            _count(self.repaired, "was repaired", "were repaired"),
            _count(self.observed, "behaves otherwise", "behave otherwise"),
            _count(self.lost, "is no longer judged", "are no longer judged"),
        ]
        reported = [part for part in parts if part]
        if not self.now_failing:
            reported.insert(0, "The later run was not judged" if self.outcome == "unjudged" else "No rule broke")
        return ", ".join(reported) + "."


def compare(old: Run, new: Run) -> Comparison:
    """Return the changes from `old` to `new`."""
    both = [rule_id for rule_id in new.rules if rule_id in old.rules]
    fresh = [rule_id for rule_id in new.rules if rule_id not in old.rules]
    failed, fails, held, holds = (_of(run, each) for each in (Outcome.FAIL, Outcome.PASS) for run in (old, new))
    was, now = _judged(old, both), _judged(new, both)

    def changes(rules: Iterable[str], wanted: Collection[str]) -> list[Change]:
        return [_change(old, new, each) for each in rules if each in wanted]

    return Comparison(
        old=old,
        new=new,
        now_failing=changes(both, fails & held),
        failing_first=changes(both, fails - failed - held) + changes(fresh, fails),
        repaired=changes(both, failed & holds),
        still_failing=changes(both, failed & fails),
        appeared=changes(fresh, fresh),
        vanished=changes(old.rules, old.rules.keys() - new.rules.keys()),
        lost=changes(both, was - now),
        found=changes(both, now - was - fails),
        observed=list(_observed(old, new, both)),
        latency=list(latency_shifts(old, new)),
        origin=list(_origin(old, new)),
        described=_described(old, new),
    )


def _of(run: Run, outcome: Outcome) -> set[str]:
    """Return the rules of a run with this outcome."""
    return {rule_id for rule_id, verdict in run.verdicts.items() if verdict.outcome is outcome}


def _described(old: Run, new: Run) -> list[DescriptionChange]:
    """Return the changes of the description, none where both runs were about the same bytes."""
    if (old.header.description, old.header.overlays) == (new.header.description, new.header.overlays):
        return []
    before, after = (Description.of("", run.rules.values(), run.fields, run.header.facts) for run in (old, new))
    return differences(before, after)


def _judged(run: Run, rules: list[str]) -> set[str]:
    return {rule_id for rule_id in rules if run.verdicts[rule_id].outcome not in _UNJUDGED}


def _change(old: Run, new: Run, rule_id: str) -> Change:
    rule = new.rules.get(rule_id) or old.rules[rule_id]
    return Change(rule, _reported(old, rule_id), _reported(new, rule_id))


def _reported(run: Run, rule_id: str) -> str:
    verdict = run.verdicts.get(rule_id)
    if verdict is None:
        return "no such rule"
    failure = next(iter(verdict.failures), None)
    more = failure.actual if failure else verdict.reason or verdict.observed
    return f"{verdict.outcome}: {more}" if more else str(verdict.outcome)


def exchange_of(run: Run, rule_id: str) -> int | None:
    """Return the number of the exchange that shows the verdict on a rule best; None where the record names none."""
    verdict = run.verdicts.get(rule_id)
    if verdict is None:
        return None
    numbers = [failure.exchange for failure in verdict.failures] + verdict.exchanges
    return next((number for number in numbers if number in run.exchanges), None)


def _observed(old: Run, new: Run, rules: list[str]) -> Iterator[Change]:
    for rule_id in rules:
        before, after = old.verdicts[rule_id].observed, new.verdicts[rule_id].observed
        # A rule that could not be observed tonight has not changed its behaviour.
        if before is not None and after is not None and steady(before) != steady(after):
            yield Change(new.rules[rule_id], before, after)


def _origin(old: Run, new: Run) -> Iterator[tuple[str, str, str]]:
    """Yield the differences of the two runs themselves, as (name, before, after)."""
    before, after = _facts(old.header), _facts(new.header)
    for name, reported in after.items():
        if before[name] != reported:
            yield name, before[name], reported


def _facts(header: Header) -> dict[str, str]:
    return {
        "target": "embedded emulator" if header.embedded else header.target,
        "description": " ".join(header.description.values()),
        "overlays": ", ".join(" ".join(each.values()) for each in header.overlays),
        "profile": header.profile,
        "strict": "yes" if header.strict else "no",
        "seed": str(header.seed),
        "versions": ", ".join(f"{name} {version}" for name, version in header.versions.items()),
    }


_SECTIONS = {
    "now_failing": "Broke",
    "failing_first": "Fail, not judged before",
    "repaired": "Repaired",
    "still_failing": "Still failing",
    "observed": "Behave otherwise",
    "lost": "No longer judged",
    "found": "Judged again",
    "appeared": "New rules",
    "vanished": "Vanished rules",
}
_LONG = frozenset(_SECTIONS[name] for name in ("lost", "found", "appeared", "vanished"))
_SHOWN_BY = frozenset(_SECTIONS[name] for name in ("now_failing", "failing_first"))
_MOST = 10  # rules of a long section on a terminal


def sections(comparison: Comparison) -> dict[str, list[Change]]:
    """Return the changes under their titles, the most important first, without empty sections."""
    found = {title: list(getattr(comparison, name)) for name, title in _SECTIONS.items()}
    return {title: changes for title, changes in found.items() if changes}


def _text(comparison: Comparison, record: str | None) -> Iterator[str]:
    for title, changes in sections(comparison).items():
        yield f"{title} ({len(changes)})"
        shown = changes[:_MOST] if title in _LONG else changes
        for change in shown:
            yield f"  {change.rule.id}  {change.rule.requirement}"
            if (cause := comparison.cause(change)) is not None and change in comparison.now_failing:
                yield f"    cause:  {cause}"
            if change.before != change.after:
                yield f"    before: {change.before}"
                yield f"    now:    {change.after}"
            if title in _SHOWN_BY and (number := exchange_of(comparison.new, change.rule.id)) is not None:
                where = f"exchange {number} of the later run"
                shown_by = where if record is None else f"{program()} replay {quote(record)} --exchange {number}"
                yield f"    replay: {shown_by}"
        if len(shown) < len(changes):
            yield f"  and {len(changes) - len(shown):,} more, all of them with `--html`"
        yield ""
    if comparison.described:
        yield f"The description moved ({len(comparison.described)})"
        yield from (f"  {line}" for line in description_text(comparison.described[:_MOST]).splitlines()[:-1])
        yield f"  {description_headline(comparison.described)}"
        yield ""
    for shift in comparison.latency:
        yield f"Latency of {shift}"
    for name, before, after in comparison.origin:
        yield f"Other {name}: {before} before, {after} now"
    yield comparison.headline()


def _count(changes: list[Change], one: str, many: str) -> str:
    return f"{len(changes):,} {one if len(changes) == 1 else many}" if changes else ""
