"""The part of the phase of query parameters about rules that join query and body."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial

import jsonschema_rs

from conformance.concurrency.planning import computed
from conformance.phases.calls import Calls, first_parent
from conformance.phases.context import other_queries, rich_body, spelled
from conformance.phases.invalid_requests import check_invalid
from conformance.session import Session
from openapi.json_types import Json
from openapi.schema.nodes import tree
from strategies.bodies.builder import Builder
from strategies.case import Case, Side
from strategies.values.fragments import violating
from strategies.values.valid import accepted

_LARGE = 20_000  # characters of a body that is too large to try with
_PICKS = (0, 1, 2, -1)  # of the values of a member: a small, an ordinary, a fuller one and the last


async def run(session: Session) -> None:
    """Each rule about query and body together: requests that break it, their halves being valid in themselves."""
    for each in session.catalogue.contract.extensions.get("x-request-rules", ()):
        rule = f"query.{each['id']}"
        if session.wants(rule):
            requests = list(_violating(session, rule, each["schema"]))
            requests += [each async for each in _with_other_parents(session, requests[0])] if requests else ()
            await session.each(requests, partial(check_invalid, session, kind="bad-query"))
            await session.release()


async def _with_other_parents(session: Session, plain: Case) -> AsyncIterator[Case]:
    """Yield the same request beside other parent calls and other members, if it names a parent call."""
    if any(name == session.checker.parent_parameter for name, _ in plain.query):
        for alongside in (_alongside_its_like, _alongside_a_derived_call):
            if (case := await alongside(session, plain)) is not None:
                yield case
        in_context = {**await computed(partial(rich_body, session)), **plain.body}
        if session.plan.oracle.is_valid(in_context):
            yield replace(plain, label=f"{plain.label}, in context", body=in_context)


def _violating(session: Session, rule: str, schema: Json) -> Iterator[Case]:
    is_valid = jsonschema_rs.validator_for(schema, keywords={}).is_valid
    for fragment in violating(schema, None):
        pairs = [(name, _query_value(session, name)) for name in fragment.get("query", {})]
        if not all(text for _, text in pairs):
            continue  # no call can serve as the prior one
        for index, body in enumerate(_bodies(session, fragment.get("body", {}))):
            for more in ((), *other_queries(session, fragment.get("query", {}))) if index == 0 else ((),):
                query = (*pairs, *more)
                if not is_valid({"query": dict(query), "body": body}):
                    label = "query and body that exclude each other" + "".join(f", {name}={text}" for name, text in more)
                    yield Case(side=Side.QUERY, label=label, rule=rule, body=body, query=query)


async def _alongside_its_like(session: Session, plain: Case) -> Case | None:
    """Return the same request, the parent call of which was made with the same body."""
    made = await Calls(session).create(plain.body, label="create what becomes a parent call", may=True)
    return _from(session, plain, made.id, "from a call with the same body") if made is not None else None


async def _alongside_a_derived_call(session: Session, plain: Case) -> Case | None:
    """Return the same request, the parent call of which was made from another."""
    calls = Calls(session)
    derived_call = None
    for _, made in first_parent(session):
        derived_call = await calls.create(calls.seed, made, label="create what becomes a parent call", may=True)
    how = "from a call that was made from another"
    return _from(session, plain, derived_call.id, how) if derived_call is not None else None


def _from(session: Session, plain: Case, parent: str, how: str) -> Case:
    """Return the same request with another parent call."""
    query = tuple((name, parent if name == session.checker.parent_parameter else text) for name, text in plain.query)
    return replace(plain, label=f"{plain.label}, {how}", query=query)


def _query_value(session: Session, name: str) -> str:
    """Return a legal value of a parameter; empty if there is none, or no call that it could name."""
    if name == session.checker.parent_parameter:
        return next((made for _, made in first_parent(session)), "")
    parameter = next(each for each in session.catalogue.contract.parameters if each.name == name)
    return next((text for value in accepted(tree(parameter.schema)) if (text := spelled(value.value))), "")


def _bodies(session: Session, partial: Json) -> Iterator[Json]:
    """Yield valid bodies with the properties of the partial one, each with a small, an ordinary and a fuller value."""
    root = session.plan.oracle.root
    for pick in _PICKS:
        body: Json = {}
        for name in partial:
            rows = [row.value for row in session.plan.maker.packs(root.properties[name]) if row.value]
            body[name] = rows[min(pick, len(rows) - 1)] if rows else partial[name]
        completed = Builder(session.plan.oracle).complete(body)
        if completed is not None and len(str(completed)) < _LARGE:
            yield completed
