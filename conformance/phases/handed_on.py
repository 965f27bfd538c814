"""The values that a parent call hands on: bodies of which each sets the same properties to other values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

from conformance.session import Session
from openapi.catalogue import inheritable
from openapi.json_types import Json
from openapi.schema.instances import connected
from strategies.values.minimal import simplest
from strategies.values.valid import accepted

_MANY = 40  # members of a map that is handed on
_LONG = 3_000  # characters; a longer value adds nothing here


def pairs(session: Session) -> Iterator[tuple[Json, Json]]:
    """Yield two bodies at a time that set the same properties to other values.

    All properties that a parent call hands on are met.
    """
    names = names_of(session)
    if session.narrowing.is_partial and "parents" in session.narrowing.parts:
        names = [
            name for name in names if session.wants(f"state.{name}.inherited") or session.wants(f"state.{name}.overridden")
        ]
    waiting = {name: values_of(session, name) for name in names}
    # Where one of two fields may follow from the other, nothing would show that only one is handed on.
    connections = [connected(rule) for rule in session.catalogue.contract.extensions.get("x-exchange-rules", ())]
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
            alone = not any(name in each and each & first.keys() for each in connections)
            if alone and session.plan.oracle.is_valid(one) and session.plan.oracle.is_valid(other):
                first, second = one, other
                del waiting[name]
        if not first:
            return
        yield first, second


def names_of(session: Session) -> list[str]:
    """Return the properties that a parent call hands on and responses show."""
    found = inheritable(session.catalogue.contract, session.catalogue.body, session.catalogue.response)
    return found or [name for name in session.catalogue.body.properties if name in session.catalogue.response.properties]


def values_of(session: Session, name: str) -> list[Json]:
    """Return ordinary values of a property that differ from each other, what an empty body gets last."""
    node = session.catalogue.body.properties[name]
    if node.get("x-hazard"):
        return []
    response = session.baseline.json if session.baseline is not None else None
    default = response.get(name) if isinstance(response, dict) else None
    rows: list[Json] = []
    if node.is_map and node.each is not None:
        rows = [{f"key{number}": simplest(node.each) for number in range(_MANY)}, {"other": simplest(node.each)}]
    rows += [row.value for row in session.plan.maker.packs(node)]
    lifetime = session.catalogue.contract.data.created.lifetime
    plain = [value for value in rows if value not in ({}, [], "") and len(str(value)) < _LONG]
    plain = [value for value in plain if lifetime is None or not lifetime.is_long({name: value})]
    hidden = name not in session.catalogue.response.properties
    shown_ones = [value for value in plain if hidden or session.checker.echo.shows(node, value) or value is False]
    distinct = [value for index, value in enumerate(shown_ones) if value not in shown_ones[:index]]
    # What is handed on must not be what a new call would have anyway; what overrides it may be.
    return sorted(distinct, key=lambda value: value == default)


def parts(names: list[str]) -> Iterator[list[str]]:
    """Yield parts of the properties, few of them: of every two properties, one part holds the first and not the second.

    Each property is in half of the parts, and no two in the same ones (Sperner): six parts do for twenty properties.
    """
    count = next(number for number in range(1, len(names) + 2) if comb(number, number // 2) >= len(names))
    codes = list(zip(names, combinations(range(count), count // 2), strict=False))
    yield from ([name for name, code in codes if part in code] for part in range(count))


def unknown_values(session: Session, name: str) -> Iterator[Json]:
    """Yield up to two values of a property with one known value that a server may refuse."""
    node, rule = session.catalogue.body.properties[name], f"state.{name}.inherited"
    if len(values_of(session, name)) > 1 or node.is_object or node.each is not None or not session.wants(rule):
        return
    yield from [value.value for value in accepted(node) if not value.must and len(str(value.value)) < _LONG][:2]
