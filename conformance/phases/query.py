"""The phase of query parameters: every legal spelling, garbage, and what they exclude in the body."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, islice

from conformance.checks.finding import Finding
from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.phases import request_rules
from conformance.phases.calls import first_parent
from conformance.phases.context import legal_queries, other_queries, rich_body, rule_status, satisfies_request_rules
from conformance.phases.invalid_requests import check_invalid
from conformance.phases.on_object import Query
from conformance.phases.problems import refusal
from conformance.results.verdicts import ONE_SIDED
from conformance.session import Session
from openapi.contract import Parameter
from openapi.json_types import Json
from openapi.rules import Area, Basis
from openapi.schema.nodes import tree
from strategies.bodies.encodings import percent_encoded
from strategies.case import Case, Side
from strategies.negative.violations import Violation

_FEW_LEGAL, _FEW_ILLEGAL = 3, 8  # requests for each rule, where few are to decide it
_GARBAGE = {
    "boolean": ("banana", "2", "tru", "truefalse", "[]", "{}", "x" * 2000),
    "integer": ("banana", "1.5"),
    "number": ("banana",),
    "array": (),
    "string": (),
}
_NOBODY = 0x3C90C3CC0D444B5088888DD257360500  # and the 250 ids behind it: no call has them
_UNKNOWN = ("conformanceTest", "1")
_FORMAT_GARBAGE = {
    "uuid": (
        *("not-a-uuid", "3c90c3cc-0d44-4b50-8888-8dd25736052", "3c90c3cc-0d44-4b50-8888-8dd25736052g", "{id}x", "3" * 2000),
        *("{shorter}", "x{id}", "null", "é", "\0"),
    )
}


async def run(session: Session) -> None:
    """Verify the rules of each query parameter and those that join query and body."""
    parent = session.checker.parent_parameter
    for parameter in session.catalogue.contract.parameters:
        if parameter.name != parent and session.wants(f"query.{parameter.name}.type"):
            for exchange in await session.send_all(session.needed(_legal(session, parameter), _FEW_LEGAL)):
                await _check_legal(session, exchange)
    parameters = session.catalogue.contract.parameters
    cases = await computed(lambda: [case for parameter in parameters for case in _illegal(session, parameter)])
    _owe_violations(session, {case.rule for case in cases})
    await session.each(session.needed(cases, _FEW_ILLEGAL), partial(check_invalid, session, kind="bad-query"))
    await request_rules.run(session)
    await session.run(chain(_alongside_parent(session), _alongside_others(session)))


def _owe_violations(session: Session, tried: set[str]) -> None:
    """Note the rules about one parameter that no request violates: they do not pass on their valid side alone."""
    for parameter in session.catalogue.contract.parameters:
        for rule in session.catalogue.rules:
            if rule.startswith(f"query.{parameter.name}.") and rule not in tried:
                session.results[rule].owed |= {Side.REJECTS}
                session.results.skip(rule, ONE_SIDED)


async def _check_legal(session: Session, exchange: Exchange) -> None:
    """Judge a request with a legal query: it is accepted, unless it would be refused without the query as well."""
    case = exchange.case
    if session.intake.is_unjudged(exchange, case.rule, "accepts"):
        return
    if exchange.is_success:
        session.intake.hold(case.rule, "accepts", exchange)
        session.intake.settle(exchange)
    elif (await session.send(_without(case))).is_success:
        expected = f"status {session.catalogue.contract.status} ({case.label}), as without the parameter"
        finding = Finding(case.rule, "accepts", expected, f"status {exchange.status}")
        session.intake.suspect_whole(finding, exchange, refusal)


def _without(case: Case) -> Case:
    """Return the same request without the parameter that it tries; a parent call stays, which may be what is refused."""
    tried = case.rule.split(".")[1]
    query = tuple(pair for pair in case.query if pair[0] != tried)
    return replace(case, query=query, label=f"the same without {tried}")


def _legal(session: Session, parameter: Parameter) -> Iterator[Case]:
    """Yield each legal value of a parameter in several requests; where these are scarce, each of these for one of them."""
    rich = next(iter(session.plan.combinations(1)), None)
    rule, seed, few = f"query.{parameter.name}.type", session.seed_body, session.profile.few
    for index, own in enumerate(legal_queries(parameter)):
        requests = [("with an empty body", seed, own), ("with a rich body", rich.body if rich else seed, own)]
        if parent := first_parent(session):
            requests.insert(1, ("behind a parent call", seed, (*parent, *own)))
            requests.append(("before a parent call", seed, (*own, *parent)))
        if few and index < 2:
            # Each value stands beside an empty body, whose defaults it may change: the first one percent-encoded.
            middle = len(requests) // 2
            requests = [requests[0], *requests[middle:]] if index else requests[1:middle] or requests[:middle]
        for label, body, query in requests:
            yield Case(side=Side.ACCEPTS, label=f"{parameter.name}={own[0][1]} {label}", rule=rule, body=body, query=query)
    for own in islice(legal_queries(parameter), 1):
        label = f"{parameter.name}={own[0][1]}, percent-encoded"
        yield Case(side=Side.ACCEPTS, label=label, rule=rule, body=seed, query=own, query_text=percent_encoded(own))


def _illegal(session: Session, parameter: Parameter) -> Iterator[Case]:
    node = tree(parameter.schema)
    made = session.objects.first()
    texts = [(text, "type") for kind in node.types for text in _GARBAGE.get(kind, ())]
    garbage = _FORMAT_GARBAGE.get(node.get("format") or "", ())
    texts += [(text.format(id=made or "", shorter=(made or "")[:-1]), "format") for text in garbage]
    texts += [("CONFORMANCE_TEST", "enum")] if node.get("enum") else []
    for text, keyword in texts:
        rule, own = f"query.{parameter.name}.{keyword}", (parameter.name, text)
        yield Case(side=Side.QUERY, label=f"{parameter.name}={text[:60]}", rule=rule, body=session.seed_body, query=(own,))
    for text, keyword in texts[:1]:
        rule, own = f"query.{parameter.name}.{keyword}", (parameter.name, text)
        places: list[tuple[str, Query, Json]]
        seed = session.seed_body
        places = [("behind another", (_UNKNOWN, own), seed), ("before another", (own, _UNKNOWN), seed)]
        places.append(("with a rich body", (own,), rule_status(session.catalogue.contract, (own,), rich_body(session))))
        if parameter.name != session.checker.parent_parameter and (parent := first_parent(session)):
            places.append(("behind a parent call", (*parent, own), seed))
        for label, query, body in places:
            yield Case(side=Side.QUERY, label=f"{parameter.name}={text} {label}", rule=rule, body=body, query=query)
        label, spelled = f"{parameter.name}={text}, percent-encoded", percent_encoded((own,))
        yield Case(side=Side.QUERY, label=label, rule=rule, body=session.seed_body, query=(own,), query_text=spelled)
    if parameter.name == session.checker.parent_parameter:
        yield from _unknown(session, parameter.name, made)


def _unknown(session: Session, name: str, made: str | None) -> Iterator[Case]:
    """Yield requests that name a missing parent call, alone and beside what may stand beside one that exists."""
    ids = [text for text in _unknown_ids(session, made) if text not in session.objects.numbers]
    first = (name, ids[0])
    requests: list[tuple[str, Query, Json]] = [(f"{name}={text}", ((name, text),), session.seed_body) for text in ids]
    requests += [(f"{name} and {more[0][0]}", (first, *more), session.seed_body) for more in other_queries(session)]
    if rich := rule_status(session.catalogue.contract, (first,), rich_body(session)):
        requests.append((f"{name} and a rich body", (first,), rich))
    for label, query, body in requests:
        yield Case(side=Side.QUERY, label=label, rule="query.parent-unknown", body=body, query=query)


def _unknown_ids(session: Session, made: str | None) -> Iterator[str]:
    """Return ids that no call has: one of nobody, nil and its opposite, and those that begin or end as one that was made."""
    yield str(uuid.UUID(int=_NOBODY + session.seed % 251))
    yield from (str(uuid.UUID(int=number)) for number in (0, (1 << 128) - 1))
    try:
        number = uuid.UUID(made or "").int
    except ValueError:
        return
    yield from (str(uuid.UUID(int=number ^ turned)) for turned in (1, (1 << 48) - 1, 1 << 127))


def _alongside_parent(session: Session) -> Iterator[Case]:
    """Yield cases that violate documented rules of the body beside a parent call:
    one of each kind, or all those about the body's own members.
    """
    parent, met = first_parent(session), set[str]()
    for rule, found in session.plan.violations.items() if parent else ():
        violation, kind = found[0], rule.rsplit(".", 1)[-1]
        known = session.catalogue.rules.get(rule)
        if known is None or known.basis is not Basis.DOCUMENTED:
            continue
        fresh = kind not in met or (not session.profile.few and len(violation.path) < 2)
        if fresh and satisfies_request_rules(session.catalogue.contract, parent, violation.body):
            met.add(kind)
            yield replace(session.plan.rejected(violation), label=f"{violation.label}, beside a parent call", query=parent)


def _alongside_others(session: Session) -> Iterator[Case]:
    """Yield cases that violate documented rules of the body beside the legal values of the other parameters.

    Where requests are scarce, one rule of each kind is, beside one of the values in turn; else every rule beside one of them,
    and one of each kind beside each. Those that join members stand beside each value always: they are few.
    """
    queries, met = list(other_queries(session)), set[tuple[str, int]]()
    for number, (rule, found) in enumerate(_documented(session) if queries else ()):
        violation, kind, turn = found[0], rule.rsplit(".", 1)[-1], number % len(queries)
        if session.catalogue.rules[rule].area is Area.CROSS_FIELD or not session.profile.few:
            chosen = [index for index in range(len(queries)) if index == turn or (kind, index) not in met]
        else:
            chosen = [] if any(each == kind for each, _ in met) else [len(met) % len(queries)]
        for index in chosen:
            query = queries[index]
            if satisfies_request_rules(session.catalogue.contract, query, violation.body):
                met.add((kind, index))
                label = f"{violation.label}, beside {query[0][0]}={query[0][1]}"
                yield replace(session.plan.rejected(violation), label=label, query=query)


def _documented(session: Session) -> list[tuple[str, list[Violation]]]:
    return [(rule, found) for rule, found in session.plan.violations.items() if session.catalogue.is_documented(rule)]
