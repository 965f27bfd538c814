"""The parameters that every request of the operation carries, as the contract states them."""

from __future__ import annotations

from openapi.contract import Contract
from strategies.case import Case

Pairs = tuple[tuple[str, str], ...]


def carried(contract: Contract, case: Case) -> tuple[Pairs, Pairs]:
    """Return the headers and query parameters that a case does not set itself.

    A request about a created object carries the headers of its operation; one to any other path carries nothing.
    """
    if case.path is not None:
        own = {"GET": contract.read, "DELETE": contract.delete}.get(case.method)
        is_about = own is not None and case.path.startswith(own.path.partition("{")[0])
        return _unless_set(own.headers, case.headers) if own is not None and is_about else (), ()
    return _unless_set(contract.headers, case.headers), _unless_set(contract.query, case.query)


def _unless_set(fixed: Pairs, own: Pairs) -> Pairs:
    names = {name.lower() for name, _ in own} if fixed else ()
    return tuple(pair for pair in fixed if pair[0].lower() not in names)
