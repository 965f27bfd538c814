"""The part of the phase of state about prior calls with much to hand on: all of it is taken over, or replaced as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations

from conformance.abreast import Work
from conformance.phases.calls import Call, Calls, obeys_request_rules
from conformance.phases.priors import names_of, other_queries, taken_over, values_of
from conformance.session import Session
from openapi.json_types import Json, Path, everything
from openapi.nodes import Node
from strategies.alternatives import alternatives
from strategies.bodies import at, without
from strategies.cases import dumps
from strategies.doubts import is_certain
from strategies.ordinary import simplest
from strategies.values import admits

_EXCLUSIVE = "state.prior-exclusive"
_CONTENTS = 4  # of what may hold anything
_GENERATIONS = 2  # of calls made from the first
_LARGE = 30_000  # bytes of a body, below what may be refused for its size
_TRIED = 4  # values of a property; whether two properties exclude each other shows in the first


def works(calls: Calls) -> Iterator[Work]:
    """Creates calls with as much as there is, of every kind, and calls from and beside them."""
    session = calls.session
    made: list[Call] = []
    for number, body in enumerate(_full(session)):
        yield partial(_met, calls, body, made, is_first=number == 0)
    yield from (partial(_kept_whole, calls, body) for body in _largest(session))
    for mine, other in _excluding(session) if session.wants(_EXCLUSIVE) else ():
        yield partial(_exclusive, calls, mine, other)


def _met(calls: Calls, body: Json, made: list[Call], *, is_first: bool) -> None:
    """A call with as much as there is, and what stands beside it or comes after; it joins those that are `made`."""
    one = calls.create(body, label="create with as much as there is", may=not is_first)
    if one is None:
        return
    before = made[-1] if made else one
    made.append(one)
    calls.read_back(one)
    if is_first:
        _twice(calls, one, body)
    _beside_queries(calls, body)
    if calls.session.judge.prior_parameter is None:
        return
    _taken_over(calls, one, generations=_GENERATIONS if is_first else 1)
    for less in (_thin(calls.session, body), _renewed(calls.session, body)):
        _replaced(calls, one, less)
    _beside(calls, before, body)
    if is_first:
        _queries_beside(calls, one)
        _others_set(calls, one)


def _full(session: Session) -> Iterator[Json]:
    """Bodies with as many properties as fit together, until each of the fullest values of each has been in one."""
    nodes = session.catalogue.body.properties
    columns = {name: values for name, node in nodes.items() if (values := _fullest(session, node))}
    waiting = {name: list(values) for name, values in columns.items()}
    obeys = session.plan.oracle.obeys
    number = 0
    while any(waiting.values()):
        body: Json = {}
        for name, values in waiting.items():
            if values and obeys({**body, name: values[0]}):
                body[name] = values.pop(0)
        if not body:
            return
        for name, values in columns.items():
            value = values[number % len(values)]
            if name not in body and obeys({**body, name: value}):
                body[name] = value
        yield body
        number += 1


def _fullest(session: Session, node: Node) -> list[Json]:
    """Of a choice each value, of alternatives the fullest of each, else the fullest value; none where no value is sure."""
    values = sorted(values_of(session, node.path), key=_fullness, reverse=True)
    if node.get("enum") is not None or node.types == {"boolean"}:
        return values
    if alternatives(node):
        return list({tuple(value): value for value in reversed(values)}.values())[::-1]
    return values[: 1 if node.properties else _CONTENTS]


def _fullness(value: Json) -> tuple[int, int, int]:
    """How much there is in a value: kinds of things, things, characters."""
    inside = [each for _, each in everything(value)]
    return len({_kind(each) for each in inside}), len(inside), len(str(value))


def _kind(value: Json) -> tuple[object, ...]:
    if isinstance(value, str):
        return str, not value, value != value.strip(), any(ord(letter) > 0xFFFF for letter in value)
    return (type(value), not value)


def _largest(session: Session) -> Iterator[Json]:
    """Bodies of which no server may refuse any for its size, until the largest value of each property has been in one."""
    waiting: dict[str, Json] = {}
    for name, node in session.catalogue.body.properties.items():
        rows = [row.value for row in session.plan.maker.rows(node)] if name in session.catalogue.answer.properties else []
        fitting = [value for value in rows if len(dumps({name: value})) < _LARGE and session.plan.oracle.obeys({name: value})]
        if any(fitting):
            waiting[name] = max(fitting, key=lambda value: len(dumps(value)))
    while waiting:
        body: Json = {}
        for name, value in waiting.items():
            larger = {**body, name: value}
            if len(dumps(larger)) < _LARGE and session.plan.oracle.obeys(larger):
                body = larger
        yield body
        waiting = {name: value for name, value in waiting.items() if name not in body}


def _kept_whole(calls: Calls, body: Json) -> None:
    """A call with the largest values that must be taken: read back and handed on whole."""
    one = calls.create(body, label="create with the largest values", may=True)
    if one is not None:
        calls.read_back(one)
        if calls.session.judge.prior_parameter is not None:
            _taken_over(calls, one, generations=1)


def _twice(calls: Calls, one: Call, body: Json) -> None:
    """The same body again, and one that shares much with it: they are calls of their own."""
    calls.create(body, label="create with as much as there is, once more")
    names = [name for name in names_of(calls.session) if name in body]
    for name in names[:1]:
        calls.create({name: body[name]}, label="create with one value of an earlier call")
    calls.unchanged(one, "state.isolated")


def _others_set(calls: Calls, one: Call) -> None:
    """What a prior call hands on is handed on though the body sets something that no prior call hands on."""
    session, known, obeys = calls.session, names_of(calls.session), calls.session.plan.oracle.obeys
    query = ((session.judge.prior_parameter or "", one.id),)
    for name in [each for each in session.catalogue.body.properties if each not in known]:
        values = values_of(session, name)
        body: Json = {name: values[0]} if values else {}
        is_sure = body and obeys(body) and is_certain(session.plan.oracle.root, body, session.plan.lacking)
        if is_sure and obeys_request_rules(session.catalogue.contract, query, body):
            heir = calls.create(body, one.id)
            if heir is not None:
                taken_over(calls, one, heir, [each for each in known if obeys({**body, each: one.answer.get(each)})])


def _beside_queries(calls: Calls, body: Json) -> None:
    """The same body beside each legal value of each parameter."""
    for query in other_queries(calls.session):
        if obeys_request_rules(calls.session.catalogue.contract, query, body):
            calls.create(body, query=query, label="create with as much as there is, and a query")


# --- taken over, replaced


def _taken_over(calls: Calls, one: Call, generations: int) -> None:
    """A call with an empty body shows all that the prior call shows, be it sent or what followed from it."""
    heir = calls.create({}, one.id)
    if generations > 1:
        calls.create({}, one.id, label="create from a prior call once more")
    if heir is not None:
        taken_over(calls, one, heir, names_of(calls.session))
    for _ in range(generations - 1):
        heir = calls.create({}, heir.id) if heir is not None else None


def _replaced(calls: Calls, one: Call, thin: Json) -> None:
    """A call whose properties say less than the prior call's shows them as a call without a prior one does."""
    heir = calls.create(thin, one.id) if thin else None
    alone = calls.create(thin) if heir is not None else None
    if alone is None or heir is None:
        return
    for name in thin:
        calls.alike(f"state.{name}.overridden", name, alone, heir, "as a call of the same body shows it that has no prior")


def _thin(session: Session, body: Json) -> Json:
    """The objects and lists of a body that answers show, with as little as may be; those that become smaller by it."""
    thin: Json = {}
    for name in names_of(session):
        value = body.get(name)
        if isinstance(value, dict):
            less = _thinned(value, lambda less, name=name: session.plan.oracle.obeys({name: less}))  # type: ignore[misc]
            if less != value and session.plan.oracle.obeys({**thin, name: less}):
                thin[name] = less
        elif isinstance(value, list) and value:
            least = _thinned(value[0], lambda less, name=name: session.plan.oracle.obeys({name: [less]}))  # type: ignore[misc]
            if [least] != value and session.plan.oracle.obeys({**thin, name: [least]}):
                thin[name] = [least]
    return thin


def _renewed(session: Session, body: Json) -> Json:
    """The objects of a body that have anything in them, with the same members, of which those that are objects hold others."""
    names = [name for name in names_of(session) if not session.catalogue.body.properties[name].properties]
    inner = {
        name: [key for key, value in body[name].items() if isinstance(value, dict)] for name in names if _is_object(body, name)
    }
    new: Json = {name: {key: {"renewed": True} for key in keys} for name, keys in inner.items() if keys}
    return new if session.plan.oracle.obeys(new) else {}


def _is_object(body: Json, name: str) -> bool:
    return isinstance(body.get(name), dict)


def _thinned(value: Json, obeys: Callable[[Json], bool]) -> Json:
    for path in reversed(list(_members(value))):
        less = without(value, path)
        if at(less, path[:-1]) and obeys(less):
            value = less
    return value


def _members(value: Json, path: Path = ()) -> Iterator[Path]:
    for name, member in value.items() if isinstance(value, dict) else ():
        yield (*path, name)
        yield from _members(member, (*path, name))


def _beside(calls: Calls, prior: Call, body: Json) -> None:
    """Another body beside a prior call of another kind, or the same at first, but for what must not stand there."""
    session = calls.session
    query = ((session.judge.prior_parameter or "", prior.id),)
    kept: Json = {}
    for name, value in body.items():
        if obeys_request_rules(session.catalogue.contract, query, {**kept, name: value}):
            kept[name] = value
    calls.create(kept, prior.id, label="create with as much as there is from a prior call")


def _queries_beside(calls: Calls, prior: Call) -> None:
    """Each legal value of each other parameter beside a prior call."""
    session = calls.session
    for query in other_queries(session):
        if obeys_request_rules(session.catalogue.contract, ((session.judge.prior_parameter or "", prior.id), *query), {}):
            calls.create({}, prior.id, query=query)


# --- exclusive


def _exclusive(calls: Calls, mine: tuple[str, Json], other: tuple[str, Json]) -> None:
    """Of two properties that exclude each other the prior call has one and the body sets the other: only that is shown."""
    one = calls.create(dict([other]), may=True)
    # Whether the body wins or the two are refused together, nobody documents.
    heir = calls.create(dict([mine]), one.id, may=True) if one is not None else None
    # What the first one had must not come back in the next generation either.
    for call in (heir, calls.create({}, heir.id, may=True) if heir is not None else None):
        if call is not None:
            both = call.answer.get(mine[0]) and call.answer.get(other[0])
            problem = f"it shows {other[0]} as well" if both else None
            calls.note(_EXCLUSIVE, call.exchange, problem, f"of {mine[0]}, which the body sets, and {other[0]} only the one")


def _excluding(session: Session) -> Iterator[tuple[tuple[str, Json], tuple[str, Json]]]:
    """Every two shown properties, in both orders, of which no two values stand together, each with its plainest value."""
    nodes = {name: session.catalogue.body.properties[name] for name in names_of(session)}
    values = {name: values_of(session, name)[:_TRIED] or [simplest(node)] for name, node in nodes.items()}
    values = {name: found for name, found in values.items() if admits(nodes[name], found[0])}
    obeys = session.plan.oracle.obeys
    for one, other in permutations(values, 2):
        if not any(obeys({one: first, other: second}) for first in values[one] for second in values[other]):
            yield (one, values[one][0]), (other, values[other][0])
