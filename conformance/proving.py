"""Proving: what a case says of its body is confirmed by the oracle before it is sent."""

from __future__ import annotations

from openapi.oracle import Oracle
from strategies.cases import Case, Side


def mislabelled(case: Case, oracle: Oracle) -> str | None:
    """What a case says wrongly of its body, in words; None if it is right, or if there is no JSON body to look at."""
    if case.raw is not None or case.path is not None:
        return None
    broken = oracle.broken(case.body) if isinstance(case.body, (dict, list)) else {case.rule: []}
    if case.side is Side.REJECTS:
        return None if case.rule in broken else "the body does not break the rule"
    return f"the body breaks {', '.join(broken)}" if broken and case.side in (Side.ACCEPTS, Side.MAY) else None
