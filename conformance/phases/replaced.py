"""The part of the phase of state about prior calls with much to hand on: all of it is taken over, or replaced as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

from conformance.phases.calls import Call, Calls, first_prior, obeys_request_rules
from conformance.phases.priors import names_of, values_of
from conformance.session import Session
from openapi.json_types import Json, Path
from openapi.nodes import Node
from strategies.bodies import at, without
from strategies.ordinary import simplest
from strategies.values import admits

_EXCLUSIVE = "state.prior-exclusive"
_TRIED = 4  # values of a property; whether two properties exclude each other shows in the first


def run(calls: Calls) -> None:
    """Creates calls with as much as there is, and calls from and beside them."""
    session = calls.session
    if session.judge.prior_parameter is None:
        return
    whole: Json = {}
    for number, body in enumerate(_full(session)):
        whole = whole or body
        one = calls.create(body, label="create with as much as there is", may=number > 0)
        if one is not None:
            calls.read_back(one)
            _taken_over(calls, one, body)
            _replaced(calls, one, _thin(session, body))
    _beside(calls, whole)
    _exclusive(calls)


def _full(session: Session) -> Iterator[Json]:
    """Bodies that set each property to the fullest of its values: as many as fit together, then the others."""
    waiting = {name: value for name, node in session.catalogue.body.properties.items() if (value := _fullest(session, node))}
    while waiting:
        body: Json = {}
        for name, value in list(waiting.items()):
            if session.plan.oracle.obeys({**body, name: value}):
                body[name] = waiting.pop(name)
        if not body:
            return
        yield body


def _fullest(session: Session, node: Node) -> Json:
    """The value with most members and elements, the longest of these; None where no value is sure."""
    return max(values_of(session, node.path), key=lambda value: (_leaves(value), len(str(value))), default=None)


def _leaves(value: Json) -> int:
    if isinstance(value, (dict, list)):
        return sum(map(_leaves, value.values() if isinstance(value, dict) else value))
    return 1


# --- taken over, replaced


def _taken_over(calls: Calls, one: Call, body: Json) -> None:
    """A call with an empty body shows all that the prior call shows."""
    heir = calls.create({}, one.id)
    for name in names_of(calls.session) if heir is not None else ():
        if name in body and heir is not None:
            _alike(calls, f"state.{name}.inherited", name, one, heir, "as the prior call shows it")


def _replaced(calls: Calls, one: Call, thin: Json) -> None:
    """A call whose properties say less than the prior call's shows them as a call without a prior one does."""
    heir = calls.create(thin, one.id) if thin else None
    alone = calls.create(thin) if heir is not None else None
    for name in thin:
        if alone is not None and heir is not None:
            _alike(
                calls, f"state.{name}.overridden", name, alone, heir, "as a call of the same body shows it that has no prior"
            )


def _alike(calls: Calls, rule: str, name: str, known: Call, heir: Call, how: str) -> None:
    session = calls.session
    if rule in session.catalogue.rules and not session.is_explained(name):
        others = session.catalogue.answer.properties.keys() - {name}
        problem = session.judge.likeness.difference(known.answer, heir.answer, without=others)
        calls.note(rule, heir.exchange, problem, f"/{name} {how}")


def _thin(session: Session, body: Json) -> Json:
    """The objects of a body that answers show, without what may be left out of each; those that become smaller by it."""
    thin: Json = {}
    for name in names_of(session):
        value = body.get(name)
        if isinstance(value, dict):
            less = _thinned(value, lambda less, name=name: session.plan.oracle.obeys({name: less}))  # type: ignore[misc]
            if less != value and session.plan.oracle.obeys({**thin, name: less}):
                thin[name] = less
    return thin


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


def _beside(calls: Calls, body: Json) -> None:
    """As much as there is in a body beside a prior call, but for what must not stand there."""
    session = calls.session
    query = first_prior(session)
    kept: Json = {}
    for name, value in body.items():
        if obeys_request_rules(session.catalogue.contract, query, {**kept, name: value}):
            kept[name] = value
    if query:
        calls.create(kept, query[0][1], label="create with as much as there is from a prior call")


# --- exclusive


def _exclusive(calls: Calls) -> None:
    """Of two properties that exclude each other the prior call has one and the body sets the other: only that is shown."""
    session = calls.session
    for (mine, value), (other, before) in _excluding(session) if session.wants(_EXCLUSIVE) else ():
        one = calls.create({other: before}, may=True)
        # Whether the body wins or the two are refused together, nobody documents.
        heir = calls.create({mine: value}, one.id, may=True) if one is not None else None
        if heir is not None:
            both = heir.answer.get(mine) and heir.answer.get(other)
            problem = f"it shows {other} as well" if both else None
            calls.note(_EXCLUSIVE, heir.exchange, problem, f"of {mine}, which the body sets, and {other} only the one")


def _excluding(session: Session) -> Iterator[tuple[tuple[str, Json], tuple[str, Json]]]:
    """Every two shown properties, in both orders, of which no two values stand together, each with its plainest value."""
    nodes = {name: session.catalogue.body.properties[name] for name in names_of(session)}
    values = {name: values_of(session, name)[:_TRIED] or [simplest(node)] for name, node in nodes.items()}
    values = {name: found for name, found in values.items() if admits(nodes[name], found[0])}
    obeys = session.plan.oracle.obeys
    for one, other in permutations(values, 2):
        if not any(obeys({one: first, other: second}) for first in values[one] for second in values[other]):
            yield (one, values[one][0]), (other, values[other][0])
