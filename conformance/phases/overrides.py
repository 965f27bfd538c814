"""The part of the phase of state about parent calls with much to hand on: all of it is taken over, or replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import TypeAlias

from conformance.concurrency.branches import Work
from conformance.concurrency.planning import computed
from conformance.phases.calls import Call, Calls
from conformance.phases.conflicts import EXCLUSIVE, Member, choices, conflicting, exchanged, excluding, exclusive, overridden
from conformance.phases.context import other_queries, rule_status, satisfies_request_rules
from conformance.phases.inheritance import names_of, taken_over, values_of
from conformance.phases.maximal_bodies import full, largest, renewed, thin
from conformance.session import Session
from openapi.json_types import Json
from strategies.values.leniency import is_certain

Pair: TypeAlias = tuple[Member, Member]
_GENERATIONS = 2  # of calls made from the first
_FEW_PAIRS = 2  # of properties that contradict each other, where requests are scarce: each of two beside the other


async def works(calls: Calls) -> list[Work[None]]:
    """Return works that create calls with as much as there is, of every kind, and calls from and beside them."""
    session = calls.session
    bodies, whole, apart, pairs = await computed(partial(_planned, session))
    has_parent = session.checker.parent_parameter is not None
    found: list[Work[None]] = [partial(_fullest, calls, bodies)]
    found += [partial(_kept_whole, calls, body) for body in whole]
    found += [partial(exclusive, calls, mine, other) for mine, other in apart]
    if has_parent:
        found += [partial(exchanged, calls, name, values) for name, values in await computed(lambda: list(choices(session)))]
    return found + [partial(overridden, calls, mine, other) for mine, other in pairs]


def _planned(session: Session) -> tuple[list[Json], list[Json], list[Pair], list[Pair]]:
    """Return the fullest bodies, the largest ones, and the pairs of members that exclude each other, wholly or for a value."""
    has_parent = session.checker.parent_parameter is not None
    apart = list(excluding(session)) if session.wants(EXCLUSIVE) else []
    pairs = list(islice(conflicting(session), _FEW_PAIRS if session.profile.few else None)) if has_parent else []
    return list(full(session)), list(largest(session)), apart, pairs


async def _fullest(calls: Calls, bodies: list[Json]) -> None:
    """Create calls with as much as there is, one after the other: each stands beside the one before it."""
    before: Call | None = None
    for number, body in enumerate(bodies):
        one = await calls.create(body, label="create with as much as there is", may=number > 0)
        if one is not None:
            await calls.session.gather([partial(_met, calls, body, one, before or one, is_first=before is None)])
            if before is not None:
                await calls.session.let_go(before.id)
            before = one


async def _met(calls: Calls, body: Json, one: Call, before: Call, *, is_first: bool) -> None:
    """Read back a call with as much as there is, and create what stands beside it or comes after it."""
    await calls.read_back(one)
    if is_first:
        await _twice(calls, one, body)
    works: list[Work[object]] = list(_alongside_queries(calls, body))
    if calls.session.checker.parent_parameter is not None:
        works.append(partial(_taken_over, calls, one, generations=_GENERATIONS if is_first else 1))
        works += [partial(_replaced, calls, one, less) for less in (thin(calls.session, body), renewed(calls.session, body))]
        works.append(partial(_alongside, calls, before, body))
        if is_first:
            works += [*_queries_alongside(calls, one), *_others_set(calls, one)]
    await calls.session.gather(works)


async def _kept_whole(calls: Calls, body: Json) -> None:
    """A call with the largest values that must be taken: read back and handed on whole."""
    one = await calls.create(body, label="create with the largest values", may=True)
    if one is not None:
        await calls.read_back(one)
        if calls.session.checker.parent_parameter is not None:
            await _taken_over(calls, one, generations=1)


async def _twice(calls: Calls, one: Call, body: Json) -> None:
    """The same body again, and one that shares much with it: they are calls of their own."""
    await calls.create(body, label="create with as much as there is, once more", keep=False)
    names = [name for name in names_of(calls.session) if name in body]
    for name in names[:1]:
        await calls.create({name: body[name]}, label="create with one value of an earlier call", keep=False)
    await calls.unchanged(one, "state.isolated")


def _others_set(calls: Calls, one: Call) -> Iterator[Work[object]]:
    """Return works that set something which no parent call hands on."""
    session, known, is_valid = calls.session, names_of(calls.session), calls.session.plan.oracle.is_valid
    query = ((session.checker.parent_parameter or "", one.id),)
    for name in [each for each in session.catalogue.body.properties if each not in known]:
        values = values_of(session, name)
        body: Json = {name: values[0]} if values else {}
        is_sure = body and is_valid(body) and is_certain(session.plan.oracle.root, body, session.plan.lacking)
        if is_sure and satisfies_request_rules(session.catalogue.contract, query, body):
            yield partial(
                _other_set, calls, one, body, [each for each in known if is_valid({**body, each: one.response.get(each)})]
            )


async def _other_set(calls: Calls, one: Call, body: Json, names: list[str]) -> None:
    """Check that a parent call hands on its properties though the body sets one that is never inherited."""
    derived_call = await calls.create(body, one.id, keep=False)
    if derived_call is not None:
        taken_over(calls, one, derived_call, names)


def _alongside_queries(calls: Calls, body: Json) -> Iterator[Work[object]]:
    """Return works that create with the same body beside each legal value of each parameter."""
    for query in other_queries(calls.session):
        if satisfies_request_rules(calls.session.catalogue.contract, query, body):
            yield partial(calls.create, body, query=query, keep=False, label="create with as much as there is, and a query")


# --- taken over, replaced


async def _taken_over(calls: Calls, one: Call, generations: int) -> None:
    """A call with an empty body shows all that the parent call shows, be it sent or what followed from it."""
    derived_call = await calls.create(calls.seed, one.id, keep=generations > 1)
    if generations > 1:
        await calls.create(calls.seed, one.id, keep=False, label="create from a parent call once more")
    if derived_call is not None:
        taken_over(calls, one, derived_call, names_of(calls.session))
    for generation in range(generations - 1, 0, -1):
        derived_call = (
            await calls.create(calls.seed, derived_call.id, keep=generation > 1) if derived_call is not None else None
        )


async def _replaced(calls: Calls, one: Call, less: Json) -> None:
    """A call whose properties say less than the parent call's shows them as a call without a parent call does."""
    derived_call = await calls.create(less, one.id, keep=False) if less else None
    alone = await calls.create(less, keep=False) if derived_call is not None else None
    if alone is None or derived_call is None:
        return
    for name in less:
        calls.equivalent(
            f"state.{name}.overridden", name, alone, derived_call, "as a call of the same body shows it that has no prior", one
        )


async def _alongside(calls: Calls, parent: Call, body: Json) -> None:
    """Another body beside a parent call of another kind, or the same at first, but for what must not stand there."""
    session = calls.session
    query = ((session.checker.parent_parameter or "", parent.id),)
    kept = rule_status(session.catalogue.contract, query, body)
    await calls.create(kept, parent.id, keep=False, label="create with as much as there is from a parent call")


def _queries_alongside(calls: Calls, parent: Call) -> Iterator[Work[object]]:
    """Return works that create with each legal value of each other parameter beside a parent call."""
    session = calls.session
    for query in other_queries(session):
        if satisfies_request_rules(
            session.catalogue.contract, ((session.checker.parent_parameter or "", parent.id), *query), calls.seed
        ):
            yield partial(calls.create, calls.seed, parent.id, query=query, keep=False)
