"""Problems of exchanges: what is wrong with one, in words that stay the same for another exchange of the same request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from conformance.checks.tolerances import Tolerances
from conformance.http.exchange import Exchange
from openapi.json_types import Json

Problem: TypeAlias = Callable[[Exchange], str | None]
"""Returns what is wrong with an exchange, None where nothing is."""


def refusal(exchange: Exchange) -> str | None:
    """Return the status of a response that refuses a request, None where it accepts it."""
    return None if exchange.is_success else f"status {exchange.status}"


def acceptance(exchange: Exchange) -> str | None:
    """Return the status of a response that accepts a request, None where it refuses it."""
    return f"status {exchange.status}" if exchange.is_success else None


def no_problem(_exchange: Exchange) -> str | None:
    """Return that nothing is wrong with an exchange."""
    return None


def other_status(table: Tolerances, kind: str) -> Problem:
    """Return the problem of a status that is not of a kind in the table of tolerances."""
    return lambda exchange: None if table.allows(kind, exchange.status) else f"status {exchange.status}"


def of_object(difference: Callable[[Json], str | None]) -> Problem:
    """Return the problem of a response that shows an object in another way than it should; none where it shows no object."""
    return lambda exchange: difference(exchange.json) if isinstance(exchange.json, dict) else None
