"""The text of a failed rule for pytest: a line for the short summary, then each failure with its request."""

from __future__ import annotations

from conformance.http.keys import forms_of
from openapi.contract import Contract
from openapi.rules import Rule
from reports.record.entries import Verdict
from reports.record.key_forms import Keys
from reports.reproduce import curl


def reported(rule: Rule, verdict: Verdict, target: str, contract: Contract) -> str:
    """Return the rule and each of its failures, with the smallest request, the expectation and the response.

    The first line is all that the short summary shows.
    """
    keys = Keys(forms_of(contract, contract.keys), contract.key_variable)
    first = verdict.failures[0] if verdict.failures else None
    # The requirement follows below: in the summary the id of the rule stands for it.
    lines = [f"expected {first.expected.partition(', since ')[0]}; actual {first.actual}".splitlines()[0]] if first else []
    lines += [f"{rule.id} ({rule.level}, {rule.basis})", rule.requirement]
    if rule.quote:
        lines.append(f'"{rule.quote}"')
    for failure in verdict.failures:
        lines += ["", f"Body:     {failure.request.body}", f"Expected: {failure.expected}", f"Actual:   {failure.actual}"]
        lines.append(curl(failure.request, target, keys))
    return "\n".join(lines)
