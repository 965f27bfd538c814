"""Economy: how many requests a run needs for the rules that it verifies."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.descriptions import catalogue
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.sessions import whole
from benchmarks.size import Size
from conformance.http.exchange import Exchange
from conformance.run import Ending
from openapi.catalogue import Catalogue
from reports.record.entries import Outcome
from strategies.case import Side

_A_REJECTION, _BESIDES = 1.3, 60


@dataclass(frozen=True, slots=True)
class Spent:
    """The requests of a profile and the rules that it verified."""

    requests: int
    refused: int
    ending: Ending

    @property
    def allowed(self) -> float:
        """Return how many requests it may take: each rejection costs one, acceptances share theirs."""
        return _A_REJECTION * self.refused + _BESIDES

    @property
    def verified(self) -> int:
        """Return rules that are found to hold."""
        return sum(each.outcome is Outcome.PASS for each in self.ending.verdicts)

    @property
    def sides(self) -> int:
        """Sides of rules that are found to hold."""
        return sum(side is Outcome.PASS for each in self.ending.verdicts for side in each.sides.values())

    @property
    def refusing(self) -> int:
        """Return rules that are found to refuse what violates them."""
        return sum(each.sides.get("rejects", Outcome.SKIP) is not Outcome.SKIP for each in self.ending.verdicts)


def measure(size: Size) -> Findings:
    """Return a run of each profile in this process."""
    spent = {profile: _spent(profile, catalogue(size.properties)) for profile in size.profiles}
    columns = ("profile", "requests", "rejections", "allowed", "rules verified", "sides verified", "rules with a rejection")
    rows = [
        (name, each.requests, each.refused, each.allowed, each.verified, each.sides, each.refusing)
        for name, each in spent.items()
    ]
    ratios = [
        Ratio(what=f"rules verified per request, {name}", value=each.verified / each.requests) for name, each in spent.items()
    ]
    smoke = spent["smoke"]
    bound = f"requests of smoke / ({_A_REJECTION} x rejections + {_BESIDES})"
    ratios.insert(0, Ratio(what=bound, value=smoke.requests / smoke.allowed, at_most=1))
    ratios.append(Ratio(what="rejections per rule that has one, smoke", value=smoke.refused / smoke.refusing))
    return Findings(
        (Table("Requests", columns, tuple(rows)),),
        tuple(ratios),
        ("A rejection is a way of violating a rule that the run had to see refused. It counts once, however often sent.",),
    )


def _spent(profile: str, made: Catalogue) -> Spent:
    requests = 0
    refused: set[object] = set()

    def see(exchange: Exchange) -> None:
        nonlocal requests
        requests += 1
        case = exchange.case
        # What a server may refuse is no rejection, whatever this one does.
        if 400 <= exchange.status < 500 and case.side is not Side.MAY:
            refused.add((case.method, case.path, case.query, case.headers, case.key, case.content))

    ending = whole(profile, made).in_process(see)
    if ending.outcome != "conforms":
        raise RuntimeError(f"the emulator does not conform: {ending.reason or ending.outcome}")
    return Spent(requests, len(refused), ending)
