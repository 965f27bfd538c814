"""The plans that several test modules read, each made once in a process."""

from __future__ import annotations

from functools import cache

from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.shared import SharedPlan
from tests.openapi.versions import september
from tests.plans import our_plan


@cache
def plan_of(version: str = "ours", *, few: bool = True) -> SharedPlan:
    """Return the plan of a version of our description; `few` where requests are scarce."""
    return our_plan(few=few) if version == "ours" else SharedPlan(september(), LIKELIEST if few else EVERY)
