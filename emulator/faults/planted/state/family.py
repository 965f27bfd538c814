"""What the faults of state are made with."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import ReplyHook
from emulator.messages import Exchange

FAMILY = "state"
# What overrides and does not come back as it was sent may be told as an echo.
INHERITED = ("state.*", "query.*", "body.*.echo")


def replying(name: str, summary: str, reply: ReplyHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, reply=reply)


def inheriting(name: str, summary: str, inherited: Callable[[Exchange, Body], Body]) -> Fault:
    """The body together with what a prior call adds is changed."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=INHERITED, inherited=inherited)


def of_parent(exchange: Exchange) -> Body:
    """The properties of the prior call; none without one."""
    return exchange.parent.properties() if exchange.parent else {}
