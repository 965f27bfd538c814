"""The status of each rule with expected failures taken into account, and the exit status of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.exit_status import ExitStatus
from reports.expected_failures.entries import Account, Accounted, EntryState, ExpectedFailures, account
from reports.quantities import day_of
from reports.record.entries import Outcome
from reports.record.recorded_run import Run


class RuleStatus(StrEnum):
    """The status of a rule: its outcome, or what an expected failure makes of it."""

    FAIL = "FAIL"
    EXPIRED = "EXPIRED"
    STALE = "STALE"
    ERROR = "ERROR"
    KNOWN = "KNOWN"
    SKIP = "SKIP"
    OBSERVED = "OBSERVED"
    PASS = "PASS"  # noqa: S105


RED = frozenset({RuleStatus.FAIL, RuleStatus.EXPIRED, RuleStatus.STALE})
FAILS = frozenset({RuleStatus.FAIL, RuleStatus.KNOWN, RuleStatus.EXPIRED})  # whether anybody expects it or not
HOLDS = frozenset({RuleStatus.PASS, RuleStatus.STALE})
UNJUDGED = frozenset({RuleStatus.ERROR, RuleStatus.SKIP, RuleStatus.OBSERVED})
EXITS = {
    "conforms": ExitStatus.CONFORMS,
    "fails": ExitStatus.FAILS,
    "unjudged": ExitStatus.UNJUDGED,
    "interrupted": ExitStatus.UNJUDGED,
}


@dataclass(frozen=True, slots=True)
class RunStatus:
    """The status of a run. `outcome` is conforms, fails, unjudged or interrupted, as in a footer."""

    outcome: str
    exit: int
    rule_statuses: Mapping[str, RuleStatus]
    account: Account

    def rules(self, *rule_statuses: RuleStatus) -> list[str]:
        """Return the rules with one of these statuses, in the order of the catalogue."""
        return [rule_id for rule_id, rule_status in self.rule_statuses.items() if rule_status in rule_statuses]

    def counts(self) -> Counter[RuleStatus]:
        """Return the number of rules by status."""
        return Counter(self.rule_statuses.values())

    @property
    def judged(self) -> int:
        """Return the number of rules that the run judged: the denominator of whatever is said of them."""
        return sum(each not in UNJUDGED for each in self.rule_statuses.values())

    @property
    def red(self) -> list[str]:
        """Return the rules that turn the run red."""
        return self.rules(*RED)


def decide(run: Run, known: ExpectedFailures | None = None) -> RunStatus:
    """Return the status of a run. Entries expire by the start day of the run, so a later report agrees."""
    outcomes = {rule_id: verdict.outcome for rule_id, verdict in run.verdicts.items()}
    accounted = account(known or ExpectedFailures(), run.header.target, outcomes, day_of(run.header.started))
    rule_statuses = {rule_id: _rule_status(outcome, accounted.by_rule.get(rule_id)) for rule_id, outcome in outcomes.items()}
    outcome = _outcome(run, accounted, rule_statuses)
    footer = run.footer
    status = footer.exit if footer and footer.outcome == outcome else EXITS.get(outcome, ExitStatus.UNJUDGED)
    return RunStatus(outcome, status, rule_statuses, accounted)


def _rule_status(outcome: Outcome, entry: Accounted | None) -> RuleStatus:
    if entry is None:
        return RuleStatus(outcome)
    if outcome is Outcome.FAIL:
        return RuleStatus.EXPIRED if entry.state is EntryState.EXPIRED else RuleStatus.KNOWN
    return RuleStatus.STALE if entry.state is EntryState.STALE else RuleStatus(outcome)


def _outcome(run: Run, accounted: Account, rule_statuses: Mapping[str, RuleStatus]) -> str:
    """Return `fails` for red rules or entries, else the run's own outcome unless all its failures are expected."""
    said = run.footer.outcome if run.footer else "interrupted"
    if said not in {"conforms", "fails"}:
        return said
    if any(entry.red for entry in accounted.entries) or RED & set(rule_statuses.values()):
        return "fails"
    if said == "fails" and RuleStatus.KNOWN not in rule_statuses.values():
        # The suite failed the run for a reason that stands in its footer and on no rule.
        return "fails"
    # Failing, the run did not say whether it would have been judged otherwise: errors leave that open.
    return "unjudged" if said == "fails" and RuleStatus.ERROR in rule_statuses.values() else "conforms"
