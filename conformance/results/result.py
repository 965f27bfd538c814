"""The result: what has been seen of each rule so far, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from openapi.rules import Basis, Rule
from reports.record.entries import Failure, Outcome, Verdict

KEPT = 20  # exchanges that are reported of each rule


@dataclass
class RuleResult:
    """The evidence about one rule, but for how often it held. `owed` are the sides without which it does not pass."""

    failures: list[Failure] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    exchanges: list[int] = field(default_factory=list)
    observed: dict[str, list[str]] = field(default_factory=dict)
    skipped: str | None = None
    owed: frozenset[str] = frozenset()
    suite_error: str | None = None

    def copy(self) -> RuleResult:
        """Return the same result, to be changed without effect on this one."""
        return replace(self, failures=list(self.failures), unjudged=dict(self.unjudged), exchanges=list(self.exchanges))


def verdict(rule: Rule, result: RuleResult, *, held: Sequence[str], cases: int, strict: bool) -> Verdict:
    """Return the verdict on a rule that held on these sides, and that so many exchanges bear on."""
    sides = dict.fromkeys(held, Outcome.PASS)
    sides |= {side: Outcome.ERROR for side in result.unjudged if side not in sides}
    fails = rule.basis is Basis.DOCUMENTED or (strict and rule.basis is Basis.IMPLIED)
    sides |= {failure.side: Outcome.FAIL if fails else Outcome.OBSERVED for failure in result.failures}
    outcome, reason = _outcome(rule, result, sides)
    sides |= dict.fromkeys(sorted(result.owed - sides.keys()), Outcome.SKIP) if sides else {}
    return Verdict(
        rule=rule.id,
        outcome=outcome,
        sides=sides,
        reason=reason,
        failures=list(result.failures) if fails else [],
        observed=_observed(rule, result, holds=bool(held), fails=fails),
        cases=cases,
        exchanges=list(result.exchanges),
    )


def _outcome(rule: Rule, result: RuleResult, sides: dict[str, Outcome]) -> tuple[Outcome, str | None]:
    found = set(sides.values())
    if Outcome.FAIL in found:
        return Outcome.FAIL, None
    if result.suite_error is not None:
        return Outcome.ERROR, result.suite_error
    if Outcome.ERROR in found:
        return Outcome.ERROR, next(iter(result.unjudged.values()))
    if Outcome.OBSERVED in found or result.observed or (rule.basis is Basis.UNDOCUMENTED and found):
        return Outcome.OBSERVED, None
    missing = result.owed - sides.keys()
    if Outcome.PASS in found and not missing:
        return Outcome.PASS, None
    if Outcome.PASS in found:
        return Outcome.SKIP, result.skipped or f"this profile sends {_not_sent(missing)}"
    return Outcome.SKIP, result.skipped or "no request of this profile bears on it"


def _not_sent(missing: Set[str]) -> str:
    return "no violation of it" if missing == {"rejects"} else f"nothing that shows its side {', '.join(sorted(missing))}"


def _observed(rule: Rule, result: RuleResult, *, holds: bool, fails: bool) -> str | None:
    """Return what happened, in one line that is the same tomorrow if the server is."""
    if result.observed:
        return "; ".join(f"{what}: {_listed(places)}" for what, places in sorted(result.observed.items()))
    if rule.basis is Basis.UNDOCUMENTED and holds and not result.failures:
        return "holds"
    if result.failures and not fails:
        return f"does not hold: {result.failures[0].actual}"
    return None


def _listed(places: list[str]) -> str:
    shown = sorted(set(places))
    return ", ".join(shown[:4]) + (f" and {len(shown) - 4} more" if len(shown) > 4 else "")
