"""Silence: a request that gets no response is chance, until it is shown not to be.

Connections break, gateways give up, and a run must not call that a failure. Yet a server may never respond to one body, since
it crashes or hangs on it. The two differ in what happens to other requests at the same time:

    the body        no no no no no no no no        8 times, each at once and on a connection of its own
    the baseline    yes yes yes yes                between them

At a chance rate of 20 % a body gets here after its 4 attempts (1 in 600). It stays without a response 8 times more in 1 of
400,000 cases: a run of 500 requests accuses a server by chance once in 500,000 runs. The baseline shows an outage apart: three
of four must get a response.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conformance.checks.checker import Checker
from conformance.http.exchange import Exchange
from conformance.triage.budget import Resender
from strategies.case import Case

CONFIRMATIONS, CONTROLS, RESPONDED = 8, 4, 3  # requests


def stays_silent(exchange: Exchange, baseline: Case, checker: Checker, resender: Resender) -> Exchange | None:
    """Return the latest of the exchanges that confirm that a request gets no response; None if it is chance or an outage."""
    case = replace(exchange.case, phase="shrink")
    again = resender.send_apart(_mixed(case, baseline))
    of_case = [each for each in again if each.case is case]
    controls = [each for each in again if each.case is not case]
    if len(of_case) < CONFIRMATIONS or not _all(checker.is_silent, of_case):
        return None
    responded = sum(not checker.is_silent(each) for each in controls)
    return of_case[-1] if responded >= RESPONDED else None


def _mixed(case: Case, baseline: Case) -> list[Case]:
    control = replace(baseline, phase="shrink")
    return ([case] * (CONFIRMATIONS // CONTROLS) + [control]) * CONTROLS


def _all(holds: Callable[[Exchange], bool], exchanges: list[Exchange]) -> bool:
    return all(map(holds, exchanges))
