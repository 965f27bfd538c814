"""Verify the label of each case by the oracle before it is sent, once per body."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from openapi.schema.oracle import Oracle
from strategies.case import NO_BODY, Case, Side

_MANY = 200  # cases, which take about as long to confirm as a plan to be written


@dataclass
class Verification:
    """The verified cases. `known` holds digests of planned cases with a correct label.

    Digests of an earlier run count if it had the same description and the same code.
    """

    oracle: Oracle
    known: set[str] = field(default_factory=set)
    _remembered: int = 0

    def mislabelled(self, case: Case) -> str | None:
        """Return the error in the label of a case; None if it is correct, or if there is no JSON body."""
        if case.raw is not None or case.path is not None:
            return None
        digest = _digest(case) if case.phase == "planned" else ""
        if digest in self.known:
            return None
        problem = mislabelled(case, self.oracle)
        if problem is None and digest:
            self.known.add(digest)
        return problem

    def remember(self, digests: Iterable[str]) -> None:
        """Add digests that an earlier run verified."""
        self.known.update(digests)
        self._remembered = len(self.known)

    @property
    def are_many_new(self) -> bool:
        """Return whether this run verified much that earlier ones had not."""
        return len(self.known) - self._remembered > _MANY


def mislabelled(case: Case, oracle: Oracle) -> str | None:
    """Return the error in the label of a case with a JSON body; None if it is correct."""
    is_json = case.body is not NO_BODY
    if case.side is not Side.REJECTS and is_json and oracle.is_valid(case.body):
        return None
    violated = oracle.violated(case.body) if is_json else {case.rule: []}
    if case.side is Side.REJECTS:
        return None if case.rule in violated else "the body does not break the rule"
    return f"the body breaks {', '.join(violated)}" if violated and case.side in (Side.ACCEPTS, Side.MAY) else None


def _digest(case: Case) -> str:
    reported = hashlib.blake2b(f"{case.side} {case.rule}\n".encode(), digest_size=16)
    reported.update(case.content or b"")
    return reported.hexdigest()
