"""A failure in words, for the terminal of pytest."""

from __future__ import annotations

from openapi.rules import Rule
from reports.record.entries import Verdict
from reports.record.key_forms import Keys
from reports.reproduce import curl


def reported(rule: Rule, verdict: Verdict, target: str, keys: Keys) -> str:
    """Return the rule and each of its failures, with the smallest request, the expectation and the response."""
    lines = [f"{rule.id} ({rule.level}, {rule.basis})", rule.requirement]
    if rule.quote:
        lines.append(f'"{rule.quote}"')
    for failure in verdict.failures:
        lines += ["", f"Body:     {failure.request.body}", f"Expected: {failure.expected}", f"Actual:   {failure.actual}"]
        lines.append(curl(failure.request, target, keys))
    return "\n".join(lines)
