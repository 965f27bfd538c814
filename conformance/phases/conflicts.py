"""The part of the phase of state about properties that exclude each other, of which one comes from a parent call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import TypeAlias

from conformance.phases.calls import Calls
from conformance.phases.inheritance import compare, names_of, values_of
from conformance.session import Session
from openapi.json_types import Json
from strategies.values.minimal import simplest
from strategies.values.place_schema import admits

Member: TypeAlias = tuple[str, Json]  # a property with its value

EXCLUSIVE = "state.parent-exclusive"
_TRIED = 4  # values of a property; whether two properties exclude each other shows in the first


async def exclusive(calls: Calls, mine: Member, other: Member) -> None:
    """Of two properties that exclude each other the parent call has one and the body sets the other: only that is shown."""
    one = await calls.create(dict([other]), may=True)
    # Whether the body wins or the two are refused together, nobody documents.
    derived_call = await calls.create(dict([mine]), one.id, may=True) if one is not None else None
    if one is not None and derived_call is None:
        reason = f"{mine[0]} is refused where {other[0]} comes from the parent call, which the documentation leaves open"
        calls.session.results.skip(EXCLUSIVE, reason)
    # What the first one had must not come back in the next generation either.
    next_one = await calls.create(calls.seed, derived_call.id, may=True, keep=False) if derived_call is not None else None
    for call in (derived_call, next_one):
        if call is not None:
            both = call.response.get(mine[0]) and call.response.get(other[0])
            problem = f"it shows {other[0]} as well" if both else None
            calls.note(EXCLUSIVE, call.exchange, problem, f"of {mine[0]}, which the body sets, and {other[0]} only the one")


def conflicting(session: Session) -> Iterator[tuple[Member, Member]]:
    """Yield every two properties, in both orders, some of whose values stand together, each with a value that does not."""
    values = {name: values_of(session, name) for name in names_of(session)}
    is_valid = session.plan.oracle.is_valid
    return session.plan.keep(f"conflicting {values}", lambda: _conflicting(values, is_valid))


def _conflicting(values: dict[str, list[Json]], is_valid: Callable[[Json], bool]) -> Iterator[tuple[Member, Member]]:
    for one, other in permutations(values, 2):
        both = [(first, second) for first in values[one] for second in values[other]]
        apart = [pair for pair in both if not is_valid({one: pair[0], other: pair[1]})]
        if apart and len(apart) < len(both):
            yield (one, apart[0][0]), (other, apart[0][1])


async def overridden(calls: Calls, mine: Member, other: Member) -> None:
    """A body that contradicts what its parent call has may be refused; a call that is made of it has what the body sets."""
    one = await calls.create(dict([other]), may=True)
    derived_call = await calls.create(dict([mine]), one.id, may=True, keep=False) if one is not None else None
    if derived_call is not None:
        compare(calls, derived_call, dict([mine]), "overridden")


def excluding(session: Session) -> Iterator[tuple[Member, Member]]:
    """Yield every two shown properties, in both orders, of which no two values stand together, each with its plainest value."""
    nodes = {name: session.catalogue.body.properties[name] for name in names_of(session)}
    values = {name: values_of(session, name)[:_TRIED] or [simplest(node)] for name, node in nodes.items()}
    values = {name: found for name, found in values.items() if admits(nodes[name], found[0])}
    is_valid = session.plan.oracle.is_valid
    for one, other in permutations(values, 2):
        if not any(is_valid({one: first, other: second}) for first in values[one] for second in values[other]):
            yield (one, values[one][0]), (other, values[other][0])
