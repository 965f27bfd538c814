"""A planted fault: a value that holds the functions to call at the seams of the endpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from emulator.messages import Exchange, Reply, Request
from emulator.variants import Variant
from openapi.contract import Contract

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One deviation from the contract.

    `expects` are globs of rule ids, at least one of which must fail when a suite runs against the fault.
    The rest are seams, each optional: `contract` and `variant` change what the endpoint is built from;
    `incoming` rewrites a request before anything else; `admitted` overrules authentication; `accepted` overrules the
    validation of a request to create (None accepts it); `inherited` changes the properties that a parent call adds;
    `response` changes a response, in a copy of its own, before it is stored; `reply` changes any reply.
    """

    name: str
    family: str
    summary: str
    expects: tuple[str, ...]
    contract: Callable[[Contract], Contract] | None = None
    variant: Callable[[Variant], Variant] | None = None
    incoming: Callable[[Exchange, Request], Request] | None = None
    admitted: Callable[[Exchange, Reply | None], Reply | None] | None = None
    accepted: Callable[[Exchange, Reply | None], Reply | None] | None = None
    inherited: Callable[[Exchange, Body], Body] | None = None
    response: Callable[[Exchange, Body], Body] | None = None
    reply: Callable[[Exchange, Reply], Reply] | None = None
