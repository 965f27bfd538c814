"""Bodies with as much in them as there can be, of every kind, and with as little: what calls may hand on and replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conformance.phases.handed_on import names_of, values_of
from conformance.session import Session
from openapi.json_types import Json, Path, everything
from openapi.schema.choices import alternatives
from openapi.schema.nodes import Node
from openapi.schema.paths import at, without
from strategies.case import dumps

_CONTENTS = 4  # of what may hold anything
_LARGE = 60_000  # bytes of a body, below what may be refused for its size


def full(session: Session) -> Iterator[Json]:
    """Yield bodies with as many properties as fit together, until each property's fullest values have been in one."""
    nodes = session.catalogue.body.properties
    columns = {name: values for name, node in nodes.items() if (values := _fullest(session, node))}
    waiting = {name: list(values) for name, values in columns.items()}
    is_valid = session.plan.oracle.is_valid
    number = 0
    while any(waiting.values()):
        body: Json = {}
        for name, values in waiting.items():
            if values and is_valid({**body, name: values[0]}):
                body[name] = values.pop(0)
        if not body:
            return
        for name, values in columns.items():
            value = values[number % len(values)]
            if name not in body and is_valid({**body, name: value}):
                body[name] = value
        yield body
        number += 1


def _fullest(session: Session, node: Node) -> list[Json]:
    """Return of a choice each value, of alternatives the fullest of each, else the fullest value; none if no value is sure."""
    values = sorted(values_of(session, node.path), key=_fullness, reverse=True)
    if node.get("enum") is not None or node.types == {"boolean"}:
        return values
    if alternatives(node):
        return list({tuple(value): value for value in reversed(values)}.values())[::-1]
    return values[: 1 if node.properties else _CONTENTS]


def _fullness(value: Json) -> tuple[int, int, int]:
    """Return how much there is in a value: kinds of things, things, characters."""
    inside = [each for _, each in everything(value)]
    return len({_kind(each) for each in inside}), len(inside), len(str(value))


def _kind(value: Json) -> tuple[object, ...]:
    if isinstance(value, str):
        return str, not value, value != value.strip(), any(ord(letter) > 0xFFFF for letter in value)
    return (type(value), not value)


def largest(session: Session) -> Iterator[Json]:
    """Yield bodies that no server may refuse for their size, until each property's largest value has been in one."""
    waiting: dict[str, Json] = {}
    for name, node in session.catalogue.body.properties.items():
        rows = [row.value for row in session.plan.maker.packs(node)] if name in session.catalogue.response.properties else []
        lifetime = session.catalogue.contract.data.created.lifetime
        short = [value for value in rows if lifetime is None or not lifetime.is_long({name: value})]
        fitting = [
            value for value in short if len(dumps({name: value})) < _LARGE and session.plan.oracle.is_valid({name: value})
        ]
        if any(fitting):
            waiting[name] = max(fitting, key=lambda value: len(dumps(value)))
    while waiting:
        body: Json = {}
        for name, value in waiting.items():
            larger = {**body, name: value}
            if len(dumps(larger)) < _LARGE and session.plan.oracle.is_valid(larger):
                body = larger
        yield body
        waiting = {name: value for name, value in waiting.items() if name not in body}


def thin(session: Session, body: Json) -> Json:
    """Return the objects and list of a body that responses show, with as little as may be; those that become smaller by it."""
    thin: Json = {}
    for name in names_of(session):
        value = body.get(name)
        if isinstance(value, dict):
            less = _thinned(value, lambda less, name=name: session.plan.oracle.is_valid({name: less}))  # type: ignore[misc]
            if less != value and session.plan.oracle.is_valid({**thin, name: less}):
                thin[name] = less
        elif isinstance(value, list) and value:
            least = _thinned(value[0], lambda less, name=name: session.plan.oracle.is_valid({name: [less]}))  # type: ignore[misc]
            if [least] != value and session.plan.oracle.is_valid({**thin, name: [least]}):
                thin[name] = [least]
    return thin


def renewed(session: Session, body: Json) -> Json:
    """Return the free objects of a body, of whose members those are kept that are objects, and hold something else."""
    new: Json = {}
    for name in names_of(session):
        value = body.get(name)
        if isinstance(value, dict) and not session.catalogue.body.properties[name].properties:
            inner = {key: {"renewed": True} for key, member in value.items() if isinstance(member, dict)}
            new |= {name: inner} if inner else {}
    return new if session.plan.oracle.is_valid(new) else {}


def _thinned(value: Json, is_valid: Callable[[Json], bool]) -> Json:
    for path in reversed(list(_members(value))):
        less = without(value, path)
        if at(less, path[:-1]) and is_valid(less):
            value = less
    return value


def _members(value: Json, path: Path = ()) -> Iterator[Path]:
    for name, member in value.items() if isinstance(value, dict) else ():
        yield (*path, name)
        yield from _members(member, (*path, name))
