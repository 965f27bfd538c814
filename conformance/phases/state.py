"""The phase of created calls: read back, made from a prior one, left alone by others, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson

from conformance.exchange import Exchange
from conformance.judging.echo import equal
from conformance.judging.findings import Finding, shown
from conformance.phases.auth import judge_refusal, turned
from conformance.session import Session
from openapi.catalogue import inheritable
from openapi.json_types import Json
from strategies.cases import NO_BODY, Case, Key, Side
from strategies.ordinary import simplest
from strategies.values import accepted

_LONG = 3_000  # characters; a longer value adds nothing here


@dataclass(frozen=True)
class Call:
    """A created call: its id, the body it was made with, and the answer."""

    id: str
    body: Json
    answer: Json
    exchange: Exchange


def run(session: Session) -> None:
    """Verifies what happens to calls once they exist."""
    for first, second in _pairs(session):
        one = _create(session, first)
        if one is None:
            continue
        _read_back(session, one, "state.read-back")
        _prior(session, one, first, second)
        _read_back(session, one, "state.prior-unchanged")
    _doubtful(session)
    _repeats(session)
    _unknown(session)
    _keys(session)
    _delete(session)


# --- making calls


def _create(session: Session, body: Json, prior: str | None = None) -> Call | None:
    query = ((session.judge.prior_parameter or "", prior),) if prior else ()
    case = Case(
        side=Side.STATE, label="create from a prior call" if prior else "create", rule="status.created", body=body, query=query
    )
    exchange = session.exchange(case)
    if session.is_unjudged(exchange, "status.created", "accepts"):
        return None
    if not exchange.is_success:
        if session.culprits:
            return None  # what this server refuses has been told with the bodies
        expected = f"status {session.catalogue.contract.status}, since the request breaks no rule"
        finding = Finding(
            "status.created",
            "state",
            expected,
            f"status {exchange.status}: {shown(exchange.content[:200].decode('utf-8', 'replace'))}",
        )
        session.fail_at(finding, exchange)
        return None
    session.settle(exchange)
    identity = exchange.json.get(session.created.identifier) if isinstance(exchange.json, dict) else None
    return Call(identity, body, exchange.json, exchange) if isinstance(identity, str) else None


def _pairs(session: Session) -> Iterator[tuple[Json, Json]]:
    """Two bodies at a time that set the same properties to other values; all properties that a prior call hands on are met."""
    waiting = {name: _values(session, name) for name in _names(session)}
    while waiting:
        first: Json = {}
        second: Json = {}
        for name, values in list(waiting.items()):
            if not values:
                del waiting[name]
                continue
            one = {**first, name: values[0]}
            # Of a field with one known value only the handing on can be tried.
            other = {**second, name: values[1]} if len(values) > 1 else second
            if session.plan.oracle.obeys(one) and session.plan.oracle.obeys(other):
                first, second = one, other
                del waiting[name]
        if not first:
            return
        yield first, second


def _names(session: Session) -> list[str]:
    found = inheritable(session.catalogue.contract, session.catalogue.body, session.catalogue.answer)
    return found or [name for name in session.catalogue.body.properties if name in session.catalogue.answer.properties]


def _values(session: Session, name: str) -> list[Json]:
    """Ordinary values of a property that differ from each other and from its default."""
    node = session.catalogue.body.properties[name]
    if node.get("x-hazard"):
        return []
    default = next((each.value for each in session.judge.defaults.defaults if each.node.path == name), None)
    rows: list[Json] = [{key: simplest(node.each)} for key in ("one", "other")] if node.is_map and node.each else []
    rows += [row.value for row in session.plan.maker.rows(node)]
    plain = [value for value in rows if value not in ({}, [], "") and len(str(value)) < _LONG]
    shown_ones = [value for value in plain if session.judge.echo.shows(node, value) or value is False]
    distinct = [value for index, value in enumerate(shown_ones) if value not in shown_ones[:index]]
    # What is handed on must not be what a new call would have anyway; what overrides it may be.
    return sorted(distinct, key=lambda value: value == default)


# --- prior calls


def _prior(session: Session, one: Call, first: Json, second: Json) -> None:
    if session.judge.prior_parameter is None:
        return
    heir = _create(session, {}, one.id)
    if heir is not None:
        _compare(session, heir, first, "inherited")
        grandchild = _create(session, {}, heir.id)
        if grandchild is not None:
            known = {name: value for name, value in first.items() if not session.is_explained(name)}
            wrong = session.judge.echo.compare(known, grandchild.answer, set())
            _note(
                session, "state.prior-chain", grandchild.exchange, wrong[0].actual if wrong else None, "what the first call had"
            )
    changed = _create(session, second, one.id)
    if changed is not None:
        _compare(session, changed, second, "overridden")
    names = list(first)
    halves = [names[::2], names[1::2]] if session.profile.few else [names[::2], names[1::2], *([name] for name in names)]
    for half in halves:
        _partly(session, one, first, {name: second[name] for name in half if name in second})


def _doubtful(session: Session) -> None:
    """Of properties with one known value the handing on of another one, if the server takes any."""
    for name in _names(session) if session.judge.prior_parameter is not None else []:
        node = session.catalogue.body.properties[name]
        rule = f"state.{name}.inherited"
        if len(_values(session, name)) > 1 or node.is_message or node.each is not None or not session.wants(rule):
            continue
        for each in [value.value for value in accepted(node) if not value.must and len(str(value.value)) < _LONG][:2]:
            case = Case(side=Side.STATE, label="create with a value that may be refused", rule=rule, body={name: each})
            exchange = session.exchange(case)
            if not exchange.is_success or session.is_unjudged(exchange, rule, "state") or not isinstance(exchange.json, dict):
                continue
            heir = _create(session, {}, str(exchange.json.get(session.created.identifier)))
            if heir is not None and not session.judge.echo.compare({name: each}, exchange.json, set()):
                _compare(session, heir, {name: each}, "inherited")
                break


def _partly(session: Session, one: Call, first: Json, part: Json) -> None:
    """A call that overrides some of the properties: those are its own, the others the prior call's."""
    both = {**first, **part}
    if not part or not session.plan.oracle.obeys(part) or not session.plan.oracle.obeys(both):
        return
    call = _create(session, part, one.id)
    if call is not None:
        _compare(session, call, part, "overridden")
        _compare(session, call, {name: value for name, value in first.items() if name not in part}, "inherited")


def _compare(session: Session, call: Call, wanted: Json, verb: str) -> None:
    """Notes for each property whether the call shows the wanted value."""
    for name, value in wanted.items():
        held: set[tuple[str, str]] = set()
        wrong = session.judge.echo.compare({name: value}, call.answer, held)
        rule = f"state.{name}.{verb}"
        if rule in session.catalogue.rules and not session.is_explained(name):
            _note(session, rule, call.exchange, wrong[0].actual if wrong else None, f"{name} is {shown(value, 120)}, {verb}")


def _note(session: Session, rule: str, exchange: Exchange, problem: str | None, expected: str) -> None:
    if problem is None:
        session.hold(rule, "state", exchange)
    else:
        session.fail_at(Finding(rule, "state", expected, problem), exchange)


# --- reading back


def _get(
    session: Session, identity: str, rule: str, *, key: Key = Key.RIGHT, headers: tuple[tuple[str, str], ...] = ()
) -> Exchange | None:
    read = session.catalogue.contract.read
    if read is None:
        return None
    return session.exchange(on_call("GET", read.path, identity, rule, "read back", key, headers))


def on_call(
    method: str,
    template: str,
    identity: str,
    rule: str,
    label: str,
    key: Key,
    headers: tuple[tuple[str, str], ...],
) -> Case:
    """The case of an operation on one created call."""
    front, _, rest = template.partition("{")
    path = front + identity + rest.partition("}")[2]
    return Case(side=Side.STATE, label=label, rule=rule, method=method, path=path, key=key, headers=headers, body=NO_BODY)


def _read_back(session: Session, call: Call, rule: str) -> None:
    exchange = _get(session, call.id, rule)
    if exchange is None or session.is_unjudged(exchange, rule, "state"):
        return
    problem = difference(call.answer, exchange)
    _note(session, rule, exchange, problem, "the object that creating the call gave")


def difference(created: Json, exchange: Exchange) -> str | None:
    """What differs between a call's first answer and a later one, in words; None if nothing does."""
    if not exchange.is_success:
        return f"status {exchange.status}"
    if not isinstance(exchange.json, dict):
        return "it is no JSON object"
    for name in {**created, **exchange.json}:
        if not equal(created.get(name), exchange.json.get(name)):
            return f"/{name} is {shown(exchange.json.get(name), 200)}, it was {shown(created.get(name), 200)}"
    return None


def _unknown(session: Session) -> None:
    rule = "state.read-unknown"
    exchange = (
        _get(session, str(uuid.UUID(int=0x3C90C3CC0D444B5088888DD257360500 + session.seed % 251)), rule)
        if session.wants(rule)
        else None
    )
    if exchange is not None and not session.is_unjudged(exchange, rule, "state"):
        problem = f"status {exchange.status}" if exchange.is_success else None
        _note(session, rule, exchange, problem, f"status {session.judge.tolerances.says('gone')}")


def _repeats(session: Session) -> None:
    """The same request again and again: the same answer but for what is the call's own; earlier calls stay as they are."""
    baseline = session.baseline
    if baseline is None or not isinstance(baseline.json, dict):
        return
    case = Case(side=Side.STATE, label="the same request again", rule="robustness.repeatable", body=baseline.case.body)
    own = _own_members(session)
    for exchange in session.exchanges([case] * session.profile.repeats):
        if session.is_unjudged(exchange, "robustness.repeatable", "state"):
            continue
        problem = difference({k: v for k, v in baseline.json.items() if k not in own}, _without(exchange, own))
        _note(session, "robustness.repeatable", exchange, problem, "the answer that the same request got before")
    identity = baseline.json.get(session.created.identifier)
    if isinstance(identity, str):
        _read_back(session, Call(identity, {}, baseline.json, baseline), "state.isolated")


def _own_members(session: Session) -> set[str]:
    """The members of an answer that differ from call to call: ids, times, and texts that hold the id."""
    answer = session.catalogue.answer
    first = session.baseline.json if session.baseline is not None else {}
    identity = str(first.get(session.created.identifier))
    kinds = {name for name, node in answer.properties.items() if node.get("format") in ("uuid", "date-time")}
    holding = {name for name, value in first.items() if isinstance(value, str) and (identity in value or "://" in value)}
    return kinds | holding | {name for name in first if name not in answer.properties}


def _without(exchange: Exchange, own: set[str]) -> Exchange:
    if not isinstance(exchange.json, dict):
        return exchange
    return replace(exchange, content=orjson.dumps({k: v for k, v in exchange.json.items() if k not in own}))


# --- keys and deletion


def _keys(session: Session) -> None:
    contract = session.catalogue.contract
    call = _create(session, {})
    if call is None or not contract.keys:
        return
    wrong = ((contract.keys[0].name, turned(session.client.target.key)),)
    operations = [("GET", contract.read, "auth.read"), ("DELETE", contract.delete, "auth.delete")]
    for method, operation, rule in operations:
        if operation is None or not session.wants(rule):
            continue
        for label, headers in ((f"{method} without a key", ()), (f"{method} with another key", wrong)):
            case = on_call(method, operation.path, call.id, rule, label, Key.OWN, headers)
            judge_refusal(session, session.exchange(case), rule)
    if contract.delete is not None:
        exchange = _get(session, call.id, "auth.delete")
        if exchange is not None and not session.is_unjudged(exchange, "auth.delete", "state"):
            _note(session, "auth.delete", exchange, difference(call.answer, exchange), "the call as it was")


def _delete(session: Session) -> None:
    delete = session.catalogue.contract.delete
    gone, other = _create(session, {}), _create(session, {})
    if delete is None or gone is None or other is None or not session.wants("state.delete"):
        return
    case = on_call("DELETE", delete.path, gone.id, "state.delete", "delete", Key.RIGHT, ())
    exchange = session.exchange(case)
    if session.is_unjudged(exchange, "state.delete", "state"):
        return
    table = session.judge.tolerances
    bad = None if table.allows("deleted", exchange.status) else f"status {exchange.status}"
    _note(session, "state.delete", exchange, bad, f"status {table.says('deleted')}")
    after = _get(session, gone.id, "state.delete")
    if after is not None and not session.is_unjudged(after, "state.delete", "state"):
        problem = None if table.allows("gone", after.status) else f"status {after.status}"
        _note(session, "state.delete", after, problem, f"status {table.says('gone')} once the call is deleted")
    _read_back(session, other, "state.delete-isolated")
    again = session.exchange(case)
    session.is_unjudged(again, "state.delete", "state")
    _prior_deleted(session, gone)


def _prior_deleted(session: Session, gone: Call) -> None:
    rule = "state.prior-deleted"
    if session.judge.prior_parameter is None or rule not in session.catalogue.rules:
        return
    case = Case(
        side=Side.STATE,
        label="create from a deleted call",
        rule=rule,
        body={},
        query=((session.judge.prior_parameter, gone.id),),
    )
    exchange = session.exchange(case)
    if not session.is_unjudged(exchange, rule, "rejects"):
        allowed = session.judge.tolerances
        problem = None if allowed.allows("unknown-prior", exchange.status) else f"status {exchange.status}"
        _note(session, rule, exchange, problem, f"status {allowed.says('unknown-prior')}")
