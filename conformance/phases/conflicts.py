"""The part of the phase of state about properties that exclude each other, one of them from a parent call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations
from typing import TypeAlias

from conformance.checks.finding import shown
from conformance.http.exchange import Exchange
from conformance.phases.calls import Call, Calls
from conformance.phases.handed_on import names_of, values_of
from conformance.phases.inheritance import compare
from conformance.phases.problems import of_object
from conformance.session import Session
from openapi.json_types import Json
from openapi.schema.choices import alternatives
from strategies.values.minimal import simplest
from strategies.values.place_schema import admits

Member: TypeAlias = tuple[str, Json]  # a property with its value
Pair: TypeAlias = tuple[Member, Member]

EXCLUSIVE = "state.parent-exclusive"
_TRIED = 4  # values of a property; whether two properties exclude each other shows in the first


async def apart_together(calls: Calls, apart: Pair, conflict: Pair, *, goes_on: bool) -> None:
    """Both at a time: properties that exclude each other wholly, and others for a value; each alone if that is refused."""
    (mine, other), (own, before) = apart, conflict
    theirs, ours = dict([other, before]), dict([mine, own])
    is_valid = calls.session.plan.oracle.is_valid
    one = await calls.create(theirs, may=True) if is_valid(theirs) and is_valid(ours) else None
    call = await calls.create(ours, one.id, may=True) if one is not None else None
    if call is None:
        await exclusive(calls, mine, other, goes_on=goes_on)
        await overridden(calls, own, before)
        return
    await _shows_one(calls, call, mine, other, goes_on=goes_on)
    compare(calls, call, dict([own]), "overridden")
    calls.judge(partial(_contradicts, calls, call, own, before))


async def exclusive(calls: Calls, mine: Member, other: Member, *, goes_on: bool = True) -> None:
    """Of two properties that exclude each other the parent call has one and the body sets the other: only that is shown.

    If it `goes_on`, another call follows.
    """
    one = await calls.create(dict([other]), may=True)
    # Whether the body wins or the two are refused together, nobody documents.
    derived_call = await calls.create(dict([mine]), one.id, may=True) if one is not None else None
    if one is not None and derived_call is None:
        _note_refused(calls, mine, other)
    if derived_call is not None:
        await _shows_one(calls, derived_call, mine, other, goes_on=goes_on)


def _note_refused(calls: Calls, mine: Member, other: Member) -> None:
    """Note a step that the documentation leaves open, so the rule does not pass as if it had been seen."""
    observed = calls.session.results[EXCLUSIVE].observed
    observed.setdefault("not created beside what a parent call has", []).append(f"{mine[0]} over {other[0]}")


async def _shows_one(calls: Calls, derived_call: Call, mine: Member, other: Member, *, goes_on: bool) -> None:
    """Check that a call, and one made from it, shows one of two properties alone."""
    # What the first one had must not come back in the next generation either.
    next_one = await calls.create(calls.seed, derived_call.id, may=True, keep=False) if goes_on else None
    for call in (derived_call, next_one):
        if call is not None:
            expected = f"of {mine[0]}, which the body sets, and {other[0]} only the one"
            calls.note(EXCLUSIVE, call.exchange, expected, partial(_shows_both, mine[0], other[0]))


def _shows_both(mine: str, other: str, exchange: Exchange) -> str | None:
    shown = exchange.json if isinstance(exchange.json, dict) else {}
    return f"it shows {other} as well" if shown.get(mine) and shown.get(other) else None


def conflicting(session: Session) -> Iterator[Pair]:
    """Yield every two properties, in both orders, some of whose values stand together, each with a value that does not."""
    values = {name: values_of(session, name) for name in names_of(session)}
    is_valid = session.plan.oracle.is_valid
    return session.plan.keep(f"conflicting {values}", lambda: _conflicting(values, is_valid))


def _conflicting(values: dict[str, list[Json]], is_valid: Callable[[Json], bool]) -> Iterator[Pair]:
    for one, other in permutations(values, 2):
        both = [(first, second) for first in values[one] for second in values[other]]
        apart = [pair for pair in both if not is_valid({one: pair[0], other: pair[1]})]
        if apart and len(apart) < len(both):
            yield (one, apart[0][0]), (other, apart[0][1])


async def overridden(calls: Calls, mine: Member, other: Member) -> None:
    """A body that contradicts what its parent call has may be refused; a call that is made of it has what the body sets."""
    one = await calls.create(dict([other]), may=True)
    derived_call = await calls.create(dict([mine]), one.id, may=True, keep=False) if one is not None else None
    if one is not None and derived_call is None:
        _note_refused(calls, mine, other)
    if derived_call is not None:
        compare(calls, derived_call, dict([mine]), "overridden")
        calls.judge(partial(_contradicts, calls, derived_call, mine, other))


def _contradicts(calls: Calls, call: Call, mine: Member, other: Member) -> None:
    """Note whether a call shows a property of the parent call that excludes the one its own body sets."""

    def keeps(response: Json) -> str | None:
        shows_both = response.get(mine[0]) == mine[1] and response.get(other[0]) == other[1] and other[1] is not None
        return f"it shows {other[0]} as {shown(other[1], 120)}" if shows_both else None

    expected = f"nothing of {other[0]} that {mine[0]} = {shown(mine[1], 120)}, which the body sets, excludes"
    calls.note(EXCLUSIVE, call.exchange, expected, of_object(keeps))


def choices(session: Session) -> Iterator[tuple[str, list[Json]]]:
    """Yield each shown property that is one of several alternatives, with a value of each alternative."""
    for name in names_of(session):
        if alternatives(session.catalogue.body.properties[name]):
            values = {tuple(value): value for value in reversed(values_of(session, name)) if isinstance(value, dict)}
            if len(values) > 1:
                yield name, list(values.values())


async def exchanged(calls: Calls, choices: dict[str, list[Json]]) -> None:
    """Each alternative overrides another one: of calls, each made from the one before it, every one shows its own alone.

    All choices go through their alternatives at the same time, as far as one body can set them all.
    """
    if not choices:
        return
    first = {name: values[-1] for name, values in choices.items()}
    if len(choices) > 1 and not calls.session.plan.oracle.is_valid(first):
        for name, values in choices.items():
            await exchanged(calls, {name: values})
        return
    call: Call | None = await calls.create(first, label="create with one of several alternatives")
    for number in range(max(map(len, choices.values()), default=0)):
        body = {name: values[number % len(values)] for name, values in choices.items()}
        if call is not None and calls.session.plan.oracle.is_valid(body):
            before, label = call, "create with another alternative than the parent call's"
            call = await calls.create(body, before.id, label=label)
            await calls.session.let_go(before.id)
        if call is not None:
            compare(calls, call, body, "overridden")
            await calls.read_back(call)


def excluding(session: Session) -> Iterator[Pair]:
    """Yield every two shown properties, in both orders, of which no two values stand together, each with its plainest value."""
    nodes = {name: session.catalogue.body.properties[name] for name in names_of(session)}
    values = {name: values_of(session, name)[:_TRIED] or [simplest(node)] for name, node in nodes.items()}
    values = {name: found for name, found in values.items() if admits(nodes[name], found[0])}
    is_valid = session.plan.oracle.is_valid
    for one, other in permutations(values, 2):
        if not any(is_valid({one: first, other: second}) for first in values[one] for second in values[other]):
            yield (one, values[one][0]), (other, values[other][0])
