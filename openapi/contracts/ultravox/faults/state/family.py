"""Constructors of the faults of state."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Body, Fault
from emulator.faults.planted.state import FAMILY, replying
from emulator.messages import Exchange

__all__ = ["FAMILY", "INHERITED", "inheriting", "of_parent", "replying"]

# A value that overrides and does not come back as it was sent may be reported as an echo.
INHERITED = ("state.*", "query.*", "body.*.echo")


def inheriting(name: str, summary: str, inherited: Callable[[Exchange, Body], Body]) -> Fault:
    """Return a fault that changes the body together with what a parent call adds."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=INHERITED, inherited=inherited)


def of_parent(exchange: Exchange) -> Body:
    """Return the properties of the parent call; none without one."""
    return exchange.parent.properties() if exchange.parent else {}
