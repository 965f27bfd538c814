"""The part of the phase of state about parent calls with much to hand on: all of it is taken over, or replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from conformance.concurrency.branches import Work
from conformance.concurrency.planning import computed
from conformance.phases.calls import Call, Calls
from conformance.phases.conflicts import (
    EXCLUSIVE,
    Pair,
    apart_together,
    choices,
    conflicting,
    exchanged,
    excluding,
    exclusive,
    overridden,
)
from conformance.phases.context import other_queries, rule_status, satisfies_request_rules
from conformance.phases.handed_on import names_of, values_of
from conformance.phases.inheritance import taken_over
from conformance.phases.maximal_bodies import full, largest, renewed, thin
from conformance.session import Session
from openapi.json_types import Json
from strategies.values.leniency import is_certain

_GENERATIONS = 2  # of calls made from the first
_FEW_PAIRS = 2  # of properties that contradict each other, where requests are scarce: each of two beside the other
_FEW_BODIES = 4  # with as much as there is, where requests are scarce


async def works(calls: Calls) -> list[Work[None]]:
    """Return works that create calls with as much as there is, of every kind, and calls from and beside them."""
    session = calls.session
    bodies, whole, apart, pairs = await computed(partial(_planned, session))
    has_parent = session.checker.parent_parameter is not None
    found: list[Work[None]] = [partial(_fullest, calls, bodies)]
    found += [partial(_kept_whole, calls, body) for body in whole]
    if has_parent:
        found.append(partial(exchanged, calls, await computed(lambda: dict(choices(session)))))
    # Where requests are scarce, one call stands for both kinds of what cannot stand together.
    both = list(zip(apart, pairs, strict=False)) if session.profile.few else []
    found += [partial(apart_together, calls, *each, goes_on=number == 0) for number, each in enumerate(both)]
    found += [partial(exclusive, calls, mine, other) for mine, other in apart[len(both) :]]
    return found + [partial(overridden, calls, mine, other) for mine, other in pairs[len(both) :]]


async def exclusion(calls: Calls) -> None:
    """Two properties that exclude each other, of which one comes from a parent call, where no more is selected."""
    for mine, other in await computed(lambda: list(islice(excluding(calls.session), 1))):
        await exclusive(calls, mine, other)


def _planned(session: Session) -> tuple[list[Json], list[Json], list[Pair], list[Pair]]:
    """Return the fullest bodies, the largest ones, and pairs of members that exclude each other, wholly or for a value."""
    has_parent = session.checker.parent_parameter is not None
    apart = list(excluding(session)) if session.wants(EXCLUSIVE) else []
    pairs = list(islice(conflicting(session), _FEW_PAIRS if session.profile.few else None)) if has_parent else []
    most = _FEW_BODIES if session.profile.few else None
    return list(islice(full(session), most)), list(largest(session)), apart, pairs


async def _fullest(calls: Calls, bodies: list[Json]) -> None:
    """Create calls with as much as there is, one after the other: each overrides all that the one before it has.

    Where requests are plenty, each is created alone as well.
    """
    before: Call | None = None
    for number, body in enumerate(bodies):
        parent = before if calls.session.checker.parent_parameter is not None else None
        one = await _alongside(calls, parent, body) if parent is not None and calls.session.profile.few else None
        if one is None:
            one = await calls.create(body, label="create with as much as there is", may=number > 0)
        if one is not None:
            if before is not None and calls.session.profile.few:
                await calls.session.let_go(before.id)
            await calls.session.gather([partial(_met, calls, body, number, one, before)])
            if before is not None:
                await calls.session.let_go(before.id)
            before = one


async def _met(calls: Calls, body: Json, number: int, one: Call, before: Call | None) -> None:
    """Read back a call with as much as there is, and create what stands beside it or comes after it."""
    is_first, few = before is None, calls.session.profile.few
    await calls.read_back(one)
    if is_first:
        await _twice(calls, one, body)
    queries = list(_alongside_queries(calls, body))
    works: list[Work[object]] = queries[number : number + 1] if few else queries
    if calls.session.checker.parent_parameter is not None:
        works.append(partial(_taken_over, calls, one, generations=_GENERATIONS if is_first else 1))
        # What of a parent call shows within a property is seen in the first body, where requests are scarce.
        works += [partial(_replaced, calls, one, less) for less in (_less(calls.session, body) if is_first or not few else ())]
        if not few:
            works.append(partial(_alongside, calls, before or one, body))
        if is_first:
            works += [*(() if few else _queries_alongside(calls, one)), *_others_set(calls, one)]
    await calls.session.gather(works)


def _less(session: Session, body: Json) -> list[Json]:
    """Return bodies whose properties say less than those of this one; one body where requests are scarce."""
    apart = [thin(session, body), renewed(session, body)]
    whole: Json = {**apart[0], **apart[1]}
    return [whole] if session.profile.few and session.plan.oracle.is_valid(whole) else apart


async def _kept_whole(calls: Calls, body: Json) -> None:
    """A call with the largest values that must be taken: read back and handed on whole."""
    one = await calls.create(body, label="create with the largest values", may=True)
    if one is not None:
        await calls.read_back(one)
        if calls.session.checker.parent_parameter is not None:
            await _taken_over(calls, one, generations=1)


async def _twice(calls: Calls, one: Call, body: Json) -> None:
    """The same body again where requests are plenty, and one that shares a value with it: they are calls of their own."""
    if not calls.session.profile.few:
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
    """Check that a call with an empty body shows all that the parent call shows, whether sent or resulting."""
    derived_call = await calls.create(calls.seed, one.id, keep=generations > 1)
    if generations > 1 and not calls.session.profile.few:
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


async def _alongside(calls: Calls, parent: Call, body: Json) -> Call | None:
    """Return a call of another body beside a parent call of another kind, but for what must not stand there."""
    session = calls.session
    query = ((session.checker.parent_parameter or "", parent.id),)
    kept = rule_status(session.catalogue.contract, query, body)
    label, keep = "create with as much as there is from a parent call", session.profile.few
    return await calls.create(kept, parent.id, keep=keep, label=label)


def _queries_alongside(calls: Calls, parent: Call) -> Iterator[Work[object]]:
    """Return works that create with each legal value of each other parameter beside a parent call."""
    session = calls.session
    for query in other_queries(session):
        if satisfies_request_rules(
            session.catalogue.contract, ((session.checker.parent_parameter or "", parent.id), *query), calls.seed
        ):
            yield partial(calls.create, calls.seed, parent.id, query=query, keep=False)
