"""The table of scenarios, one module for each kind of fault."""

from __future__ import annotations

from benchmarks.reliability.scenario import Scenario
from benchmarks.reliability.scenarios import accounts, exchanges, hostile, interruptions, kills, output, secrets

SCENARIOS: tuple[Scenario, ...] = (
    *exchanges.SCENARIOS,
    *accounts.SCENARIOS,
    *kills.SCENARIOS,
    *interruptions.SCENARIOS,
    *output.SCENARIOS,
    *hostile.SCENARIOS,
    *secrets.SCENARIOS,
)
