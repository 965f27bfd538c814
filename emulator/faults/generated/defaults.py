"""Faults in defaults: another value than the documented one, one of another type, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from emulator.fault import Body, Fault
from emulator.faults.generated.found import Equivalent
from emulator.faults.generated.request_schema import literal
from emulator.faults.generated.response_schema import LOST, Change, alongside, alter
from emulator.faults.generated.values import other_value
from emulator.messages import Exchange
from emulator.value_kinds import is_unspecified
from emulator.variants import Variant
from openapi.catalogue import default_of, echoed
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.schema.nodes import Node, tree

_NESTED = "a nested field that was not sent may be left out of the response, or be null"


def defaults(contract: Contract) -> Iterator[Fault | Equivalent]:
    """Yield a fault for each deviation in each default."""
    body, response = tree(contract.request), tree(contract.response)
    pairs = {node.path: (node, other) for node, other in echoed(body, response)}
    for path, (node, other) in pairs.items():
        found = default_of(node) or default_of(other)
        if found and "*" not in node.place:
            yield from _of_default(contract, f"body.{path}.default", node, found[0], found[1], sent=True)
    for node in response.walk():
        found = default_of(node)
        if found and node.path not in pairs and "*" not in node.place:
            yield from _of_default(contract, f"response.{node.path}.default", node, found[0], found[1], sent=False)


def _of_default(
    contract: Contract, rule: str, node: Node, value: Json, about: Json, *, sent: bool
) -> Iterator[Fault | Equivalent]:
    if about.get("basis", "documented") != "documented":
        return
    nested = len(node.place) > 1
    for slug, what, change in _changes(node, value):
        if nested and slug in ("missing", "null"):
            yield Equivalent(name=f"{rule}:{slug}", reason=_NESTED)
            continue
        yield Fault(
            name=f"{rule}:{slug}",
            family="default",
            summary=f"{node.path}: the default {what}",
            expects=(literal(rule), f"response.{node.path}.*", *alongside(contract, node.place)),
            variant=_filled if nested else None,
            response=_where_not_sent(node.place, change) if sent else _always(node.place, change),
        )


def _changes(node: Node, value: Json) -> Iterator[tuple[str, str, Change]]:
    yield "other", "is another value", other_value(node)
    yield "missing", "is not shown", lambda _v: LOST
    yield "null", "is null", lambda _v: None
    retyped = str(value) if not isinstance(value, str) else 7
    yield "retyped", f"is {retyped!r}", lambda _v: retyped
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield "nearly", "is a little more", lambda v: v + 0.01


def _filled(variant: Variant) -> Variant:
    return replace(variant, unset_nested="filled")


def _where_not_sent(place: tuple[str, ...], change: Change) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, response: Body) -> Body:
        value: Json = exchange.merged
        for step in place:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None or is_unspecified(value):
            alter(response, place, change)
        return response

    return hook


def _always(place: tuple[str, ...], change: Change) -> Callable[[Exchange, Body], Body]:
    def hook(_exchange: Exchange, response: Body) -> Body:
        alter(response, place, change)
        return response

    return hook
