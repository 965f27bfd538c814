"""The plans of our own description, each made once in a process for all tests that only read it."""

from __future__ import annotations

from functools import cache

from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.shared import SharedPlan


@cache
def our_catalogue() -> Catalogue:
    """Return the catalogue of our own description."""
    return catalogue_of(load_contract())


@cache
def our_plan(*, few: bool = True) -> SharedPlan:
    """Return the plan of our own description, which takes a second to make; `few` where requests are scarce."""
    return SharedPlan(our_catalogue(), LIKELIEST if few else EVERY)
