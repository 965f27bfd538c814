"""A server that accepts nearly every invalid body has one fault, and not hundreds: it is reported once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from conformance.checks.finding import Finding, Suspect
from conformance.http.exchange import Exchange
from strategies.case import Side

_SYSTEMIC = 20  # invalid bodies accepted, four times as many as refused
_RULES = 3  # whose violations are accepted; one rule alone may have as many violations, where it alone is selected


@dataclass(frozen=True)
class Systemic:
    """The finding that is reported of such a server, with its exchange, in place of those that it explains."""

    finding: Finding
    exchange: Exchange
    explained: Sequence[Suspect]


def systemic(waiting: Sequence[Suspect], refused: int, is_documented: Callable[[str], bool]) -> Systemic | None:
    """Return what explains that invalid bodies were accepted; None unless nearly all were.

    `refused` is the number of those that were refused as they should be.
    """
    invalid = [each for each in waiting if _is_accepted_or_refused(each)]
    accepted = [each for each in invalid if each.exchange.is_success]
    refused += len(invalid) - len(accepted)
    documented = [each for each in accepted if is_documented(each.finding.rule)]
    rules = {each.finding.rule for each in documented}
    if len(documented) < _SYSTEMIC or len(documented) < 4 * refused or len(rules) < _RULES:
        return None
    smallest = min(documented, key=attrgetter("plainness"))
    actual = f"{smallest.finding.actual}, as {len(accepted)} of {len(accepted) + refused} invalid bodies were"
    return Systemic(replace(smallest.finding, rule="status.refused", actual=actual), smallest.exchange, accepted)


def _is_accepted_or_refused(suspect: Suspect) -> bool:
    """Return whether a finding shows of an invalid body, other than that it was refused with another status or body."""
    is_invalid = suspect.exchange.case.side is Side.REJECTS and suspect.finding.side == "rejects"
    return is_invalid and suspect.finding.rule != "status.refused"
