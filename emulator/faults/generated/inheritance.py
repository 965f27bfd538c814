"""Faults in inheritance: properties of a parent call that are lost, and properties that cannot be overridden."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from emulator.fault import Body, Fault
from emulator.faults.generated.found import Equivalent
from emulator.faults.generated.request_schema import Found
from emulator.messages import Exchange
from openapi.catalogue import inheritable
from openapi.contract import Contract
from openapi.schema.nodes import tree


def handed_on(contract: Contract) -> Iterator[Found]:
    """Yield faults for properties that a derived call does not inherit, or cannot override."""
    body, response = tree(contract.request), tree(contract.response)
    for name in inheritable(contract, body, response):
        node = body.properties[name]
        if node.get("x-hazard"):
            yield Equivalent(name=f"state.{name}:*", reason="the field must never be sent")
            continue
        yield Fault(
            name=f"state.{name}.inherited:lost",
            family="state",
            summary=f"{name} of a parent call is not taken over",
            expects=(f"state.{name}.inherited", "state.parent-chain"),
            inherited=_forgetting(name),
        )
        known = node.get("x-known-values")
        if known is not None and len(known) < 2:
            yield Equivalent(
                name=f"state.{name}.overridden:kept",
                reason=f"only one value of {name} is known to be accepted",
            )
            continue
        yield Fault(
            name=f"state.{name}.overridden:kept",
            family="state",
            summary=f"{name} of a parent call wins over the body's own",
            expects=(f"state.{name}.overridden", f"body.{name}.*"),
            inherited=_clinging(name),
        )


def _forgetting(name: str) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, merged: Body) -> Body:
        return merged if name in exchange.body else {key: value for key, value in merged.items() if key != name}

    return hook


def _clinging(name: str) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, merged: Body) -> Body:
        parent = exchange.parent.properties() if exchange.parent is not None else {}
        return {**merged, name: parent[name]} if name in parent else merged

    return hook
