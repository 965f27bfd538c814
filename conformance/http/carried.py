"""The parameters that every request of the operation carries, as the contract states them."""

from __future__ import annotations

from openapi.contract import Contract
from strategies.case import Case

Pairs = tuple[tuple[str, str], ...]


def carried(contract: Contract, case: Case) -> tuple[Pairs, Pairs]:
    """Return the headers and query parameters that a case does not set itself; none for another path than the operation's."""
    if case.path is not None:
        return (), ()
    return _unless_set(contract.headers, case.headers), _unless_set(contract.query, case.query)


def _unless_set(fixed: Pairs, own: Pairs) -> Pairs:
    names = {name.lower() for name, _ in own} if fixed else ()
    return tuple(pair for pair in fixed if pair[0].lower() not in names)
