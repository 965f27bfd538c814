"""The phase of query parameters: every legal spelling, garbage, and what they exclude in the body."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterator
from dataclasses import replace
from functools import reduce

import jsonschema_rs

from conformance.exchange import Exchange
from conformance.judging.findings import Finding
from conformance.phases.calls import Calls, Query, first_prior, obeys_request_rules, standing
from conformance.session import Session
from openapi.contract import Parameter
from openapi.json_types import Json
from openapi.nodes import tree
from openapi.rules import Basis
from strategies.bodies import Builder
from strategies.cases import Case, Side
from strategies.values import accepted
from strategies.witnesses import breaking

_GARBAGE = {
    "boolean": ("banana", "2", "tru", "truefalse", "[]", "{}", "x" * 2000),
    "integer": ("banana", "1.5"),
    "number": ("banana",),
    "array": (),
    "string": (),
}
_NOBODY = 0x3C90C3CC0D444B5088888DD257360500  # and the 250 ids behind it: no call has them
_LONGEST = 200  # characters of a legal value in a query
_LARGE, _COMBINED = 5_000, 20  # characters of a body that is none too large for anyone; combinations that are looked at
_UNKNOWN = ("conformanceTest", "1")
_FORMAT_GARBAGE = {
    "uuid": (
        *("not-a-uuid", "3c90c3cc-0d44-4b50-8888-8dd25736052", "3c90c3cc-0d44-4b50-8888-8dd25736052g", "{id}x", "3" * 2000),
        *("{id but its end}", "x{id}", "null", "é", "\0"),
    )
}


def run(session: Session) -> None:
    """Verifies the rules of each query parameter and those that join query and body."""
    prior = session.judge.prior_parameter
    for parameter in session.catalogue.contract.parameters:
        if parameter.name != prior and session.wants(f"query.{parameter.name}.type"):
            for exchange in session.exchanges(_legal(session, parameter)):
                _judge_legal(session, exchange)
    cases = [case for parameter in session.catalogue.contract.parameters for case in _illegal(session, parameter)]
    for exchange in session.exchanges(case for case in cases if session.wants(case.rule)):
        judge_bad(session, exchange, "bad-query")
    _request_rules(session)
    session.run(_beside_prior(session))


def judge_bad(session: Session, exchange: Exchange, kind: str) -> None:
    """Judges a request that must be refused for something else than its body."""
    rule, table = exchange.case.rule, session.judge.tolerances
    if session.is_unjudged(exchange, rule, "rejects"):
        return
    if table.allows(kind, exchange.status):
        session.hold(rule, "rejects", exchange)
        return
    expected = f"status {table.says(kind)} ({exchange.case.label})"
    # What is refused, but with a status that says something else, is not the rule's own failure.
    named = rule if exchange.is_success and not session.accepts_anything else "status.refused"
    session.fail_at(Finding(named, "rejects", expected, f"status {exchange.status}"), exchange)


def _judge_legal(session: Session, exchange: Exchange) -> None:
    """Judges a request with a legal query: it is accepted, unless it would be refused without the query as well."""
    case = exchange.case
    if session.is_unjudged(exchange, case.rule, "accepts"):
        return
    if exchange.is_success:
        session.hold(case.rule, "accepts", exchange)
        session.settle(exchange)
    elif session.exchange(_without(case)).is_success:
        expected = f"status {session.catalogue.contract.status} ({case.label}), as without the parameter"
        session.fail_at(Finding(case.rule, "accepts", expected, f"status {exchange.status}"), exchange)


def _without(case: Case) -> Case:
    """The same request without the parameter that it tries; a prior call stays, which may be what is refused."""
    tried = case.rule.split(".")[1]
    query = tuple(pair for pair in case.query if pair[0] != tried)
    return replace(case, query=query, label=f"the same without {tried}")


def _legal(session: Session, parameter: Parameter) -> Iterator[Case]:
    rich = next(iter(session.plan.combinations(1)), None)
    with_prior = first_prior(session)
    for own in legal_queries(parameter):
        text = own[0][1]
        requests: list[tuple[str, Json, tuple[tuple[str, str], ...]]]
        requests = [("with an empty body", {}, own), ("with a rich body", rich.body if rich else {}, own)]
        if with_prior:
            requests += [("behind a prior call", {}, (*with_prior, *own)), ("before a prior call", {}, (*own, *with_prior))]
        for label, body, query in requests:
            yield Case(
                side=Side.ACCEPTS,
                label=f"{parameter.name}={text} {label}",
                rule=f"query.{parameter.name}.type",
                body=body,
                query=query,
            )


def spelled(value: Json) -> str | None:
    """A value as it is written in a query; None for one that has no single spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def _illegal(session: Session, parameter: Parameter) -> Iterator[Case]:
    node = tree(parameter.schema)
    made = session.created.first()
    texts = [(text, "type") for kind in node.types for text in _GARBAGE.get(kind, ())]
    garbage = _FORMAT_GARBAGE.get(node.get("format") or "", ())
    known = {"{id but its end}": (made or "")[:-1], "{id}": made or ""}
    texts += [(reduce(lambda text, each: text.replace(*each), known.items(), text), "format") for text in garbage]
    texts += [("CONFORMANCE_TEST", "enum")] if node.get("enum") else []
    for text, keyword in texts:
        rule, own = f"query.{parameter.name}.{keyword}", (parameter.name, text)
        yield Case(side=Side.QUERY, label=f"{parameter.name}={text[:60]}", rule=rule, body={}, query=(own,))
    for text, keyword in texts[:1]:
        rule, own = f"query.{parameter.name}.{keyword}", (parameter.name, text)
        places: list[tuple[str, Query, Json]]
        places = [("behind another", (_UNKNOWN, own), {}), ("before another", (own, _UNKNOWN), {})]
        places.append(("with a rich body", (own,), standing(session.catalogue.contract, (own,), _rich(session))))
        if parameter.name != session.judge.prior_parameter and (prior := first_prior(session)):
            places.append(("behind a prior call", (*prior, own), {}))
        for label, query, body in places:
            yield Case(side=Side.QUERY, label=f"{parameter.name}={text} {label}", rule=rule, body=body, query=query)
    if parameter.name == session.judge.prior_parameter:
        yield from _unknown(session, parameter.name, made)


def _unknown(session: Session, name: str, made: str | None) -> Iterator[Case]:
    """Requests that name a prior call that does not exist, alone and beside what may stand beside one that does."""
    ids = [text for text in _unknown_ids(session, made) if text not in session.created.numbers]
    first = (name, ids[0])
    requests: list[tuple[str, Query, Json]] = [(f"{name}={text}", ((name, text),), {}) for text in ids]
    requests += [(f"{name} and {more[0][0]}", (first, *more), {}) for more in _others(session, ())]
    if rich := standing(session.catalogue.contract, (first,), _rich(session)):
        requests.append((f"{name} and a rich body", (first,), rich))
    for label, query, body in requests:
        yield Case(side=Side.QUERY, label=label, rule="query.prior-unknown", body=body, query=query)


def _rich(session: Session) -> Json:
    """A valid body with much in it that is none too large for anyone; empty if there is none."""
    combined = (case.body for case in session.plan.combinations(_COMBINED))
    return next((body for body in combined if body and len(str(body)) < _LARGE), {})


def _unknown_ids(session: Session, made: str | None) -> Iterator[str]:
    """Ids that no call has: one of nobody, nil and its opposite, and those that begin or end as one that was made."""
    yield str(uuid.UUID(int=_NOBODY + session.seed % 251))
    yield from (str(uuid.UUID(int=number)) for number in (0, (1 << 128) - 1))
    try:
        number = uuid.UUID(made or "").int
    except ValueError:
        return
    yield from (str(uuid.UUID(int=number ^ turned)) for turned in (1, (1 << 48) - 1, 1 << 127))


def _request_rules(session: Session) -> None:
    """Each rule about query and body together: a request that breaks it, its halves being valid in themselves."""
    for each in session.catalogue.contract.extensions.get("x-request-rules", ()):
        rule = f"query.{each['id']}"
        if not session.wants(rule):
            continue
        requests = list(_breaking_requests(session, rule, each["schema"]))
        if requests and any(name == session.judge.prior_parameter for name, _ in requests[0].query):
            requests += _beside_its_like(session, requests[0])
            requests += _beside_an_heir(session, requests[0])
            requests += [
                replace(requests[0], label=f"{requests[0].label}, amid others", body={**_rich(session), **requests[0].body})
            ]
        for exchange in session.exchanges(requests):
            judge_bad(session, exchange, "bad-query")


def _breaking_requests(session: Session, rule: str, schema: Json) -> Iterator[Case]:
    obeys = jsonschema_rs.validator_for(schema, keywords={}).is_valid
    for partial in breaking(schema, None):
        pairs = [(name, _query_value(session, name)) for name in partial.get("query", {})]
        if not all(text for _, text in pairs):
            continue  # no call can serve as the prior one
        for index, body in enumerate(_bodies(session, partial.get("body", {}))):
            for more in ((), *_others(session, partial.get("query", {}))) if index == 0 else ((),):
                query = (*pairs, *more)
                if not obeys({"query": dict(query), "body": body}):
                    label = "query and body that exclude each other" + "".join(f", {name}={text}" for name, text in more)
                    yield Case(side=Side.QUERY, label=label, rule=rule, body=body, query=query)


def _beside_its_like(session: Session, each: Case) -> Iterator[Case]:
    """The same request, the prior call of which was made with the same body."""
    made = Calls(session).create(each.body, label="create what becomes a prior call", may=True)
    if made is not None:
        yield _from(session, each, made.id, "from a call with the same body")


def _beside_an_heir(session: Session, each: Case) -> Iterator[Case]:
    """The same request, the prior call of which was made from another."""
    calls = Calls(session)
    made = calls.create({}, label="create what becomes a prior call", may=True)
    heir = calls.create({}, made.id, may=True) if made is not None else None
    if heir is not None:
        yield _from(session, each, heir.id, "from a call that was made from another")


def _from(session: Session, each: Case, prior: str, how: str) -> Case:
    query = tuple((name, prior if name == session.judge.prior_parameter else text) for name, text in each.query)
    return replace(each, label=f"{each.label}, {how}", query=query)


def _query_value(session: Session, name: str) -> str:
    if name == session.judge.prior_parameter:
        return next((made for _, made in first_prior(session)), "")
    parameter = next(each for each in session.catalogue.contract.parameters if each.name == name)
    return next((text for value in accepted(tree(parameter.schema)) if (text := spelled(value.value))), "")


def _others(session: Session, names: Container[str]) -> Iterator[Query]:
    """Each legal value of each parameter that is not among those named, nor names a prior call."""
    for parameter in session.catalogue.contract.parameters:
        if parameter.name not in names and parameter.name != session.judge.prior_parameter:
            yield from legal_queries(parameter)


def legal_queries(parameter: Parameter) -> Iterator[Query]:
    """A query with each value of a parameter that must be accepted."""
    for value in accepted(tree(parameter.schema)):
        text = spelled(value.value)
        if text is not None and len(text) <= _LONGEST and value.must:
            yield ((parameter.name, text),)


def _beside_prior(session: Session) -> Iterator[Case]:
    """Documented rules of the body, broken beside a prior call: one of each kind, or all those about the body's own members."""
    prior, met = first_prior(session), set[str]()
    for rule, found in session.plan.violations.items() if prior else ():
        violation, kind = found[0], rule.rsplit(".", 1)[-1]
        known = session.catalogue.rules.get(rule)
        if known is None or known.basis is not Basis.DOCUMENTED:
            continue
        fresh = kind not in met or (not session.profile.few and len(violation.path) < 2)
        if fresh and obeys_request_rules(session.catalogue.contract, prior, violation.body):
            met.add(kind)
            yield replace(session.plan.rejected(violation), label=f"{violation.label}, beside a prior call", query=prior)


def _bodies(session: Session, partial: Json) -> Iterator[Json]:
    """Valid bodies with the properties of the partial one, each with a small, an ordinary and a fuller value."""
    root = session.plan.oracle.root
    for pick in (0, 1, 2, -1):
        body: Json = {}
        for name in partial:
            rows = [row.value for row in session.plan.maker.rows(root.properties[name]) if row.value]
            body[name] = rows[min(pick, len(rows) - 1)] if rows else partial[name]
        completed = Builder(session.plan.oracle).complete(body)
        if completed is not None and len(str(completed)) < 20_000:
            yield completed
