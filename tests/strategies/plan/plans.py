"""Plans of the contract, or of another description in its place, each made once."""

from __future__ import annotations

import functools

from openapi import load_contract
from openapi.catalogue import catalogue_of
from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.plan import Plan
from tests.openapi.versions import september


@functools.cache
def plan_of(version: str = "ours", *, few: bool = True) -> Plan:
    return Plan(september() if version == "september" else catalogue_of(load_contract()), LIKELIEST if few else EVERY)
