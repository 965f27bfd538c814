"""Faults in the echo: at each place that request and response share, the sent value is lost or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from emulator.fault import Body, Fault
from emulator.faults.generated.found import Equivalent
from emulator.faults.generated.request_schema import literal
from emulator.faults.generated.response_schema import LOST, Change, alongside, alter
from emulator.faults.generated.values import other_value
from emulator.messages import Exchange
from emulator.value_kinds import is_unspecified
from openapi.catalogue import echoed
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.schema.nodes import Node, tree


def echoes(contract: Contract) -> Iterator[Fault | Equivalent]:
    """Yield a fault that loses and one that changes the echo of each member."""
    body, response = tree(contract.request), tree(contract.response)
    for node, _ in echoed(body, response):
        if node.place[-1] == "*" or node.get("x-hazard"):
            continue
        yield _fault(contract, node, "lost", "does not come back", lambda _v: LOST)
        if not node.is_empty_object:
            yield _fault(contract, node, "other", "comes back as another value", other_value(node))


def _fault(contract: Contract, node: Node, slug: str, what: str, change: Change) -> Fault:
    return Fault(
        name=f"body.{node.path}.echo:{slug}",
        family="echo",
        summary=f"{node.path} {what}",
        expects=(
            literal(f"body.{node.path}.echo"),
            f"body.{node.path}.*",
            f"response.{node.path}.*",
            *alongside(contract, node.place),
        ),
        response=_where_sent(node.place, change),
    )


def _where_sent(place: tuple[str, ...], change: Change) -> Callable[[Exchange, Body], Body]:
    """Return the seam that changes a response where the body sets the member, to another value than "unset"."""

    def hook(exchange: Exchange, response: Body) -> Body:
        if any(not is_unspecified(value) for value in values_at(exchange.body, place)):
            alter(response, place, change)
        return response

    return hook


def values_at(value: Json, place: tuple[str, ...]) -> Iterator[Json]:
    """Yield every value at a place."""
    if not place:
        yield value
        return
    step, rest = place[0], place[1:]
    if step == "*" and isinstance(value, (list, dict)):
        for each in value if isinstance(value, list) else value.values():
            yield from values_at(each, rest)
    elif isinstance(value, dict) and step in value:
        yield from values_at(value[step], rest)
