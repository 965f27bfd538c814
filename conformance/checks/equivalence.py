"""Equivalence: two responses show the same, up to what conforming servers may do differently from one response to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

from conformance.checks.echo import Echo
from conformance.checks.finding import shown
from conformance.checks.zeros import is_zero
from conformance.http.exchange import Exchange
from openapi.catalogue import default_of
from openapi.contract import Contract
from openapi.contract_data import Lifetime
from openapi.json_types import Json, tokens
from openapi.schema.nodes import Node


@dataclass(frozen=True)
class Equivalence:
    """Compares responses, member by member; members that no description shows of do not count."""

    response: Node
    echo: Echo
    lifetime: Lifetime | None = None
    copied: Mapping[str, str] = field(default_factory=dict)  # the member whose value is the default of one at a path

    def changed(self, known: Json, exchange: Exchange, *, without: Collection[str] = ()) -> str | None:
        """Return what differs between a known response and that of an exchange, in words; None if nothing does.

        What changes when an object ends by itself is left out once it may have ended: it is as old as the run at most.
        """
        if not exchange.is_success:
            return f"status {exchange.status}"
        changed = () if self.lifetime is None else self.lifetime.changed(known, exchange.at + exchange.seconds)
        return self.difference(known, exchange.json, without={*without, *(tokens(each)[0] for each in changed)})

    def difference(self, known: Json, response: Json, *, without: Collection[str] = ()) -> str | None:
        """Return what differs between a known response and another, in words; None if nothing does."""
        if not isinstance(response, dict):
            return "it is no JSON object"
        for name in self.response.properties:
            if name not in without and self.differs(name, known, response):
                return f"/{name} is {shown(response.get(name), 200)}, it was {shown(known.get(name), 200)}"
        return None

    def differs(self, name: str, known: Json, response: Json) -> bool:
        """Return whether two responses show a described member with different values."""
        node = self.response.properties.get(name)
        asked = self.echo.body.properties.get(name)
        return node is not None and not self._equal(node, asked, known.get(name), response.get(name))

    def _equal(self, node: Node, asked: Node | None, one: Json, other: Json) -> bool:
        """Return whether two values are equal by what responses and, at the same place, requests say of them."""
        if _is_unset(node, one) and _is_unset(node, other):
            return True
        if node.is_object and isinstance(one, dict) and isinstance(other, dict):
            return self._are_members_equal(node, asked, one, other)
        if node.is_array and isinstance(one, list) and isinstance(other, list) and node.each is not None:
            twin = None if asked is None else asked.each
            return len(one) == len(other) and all(map(partial(self._equal, node.each, twin), one, other))
        # A name may give way to its id, in whichever order the two are shown.
        nodes = (node,) if asked is None else (node, asked)
        return any(self.echo.same(each, one, other) or self.echo.same(each, other, one) for each in nodes)

    def _are_members_equal(self, node: Node, asked: Node | None, one: Json, other: Json) -> bool:
        twins = {} if asked is None else asked.properties
        return all(
            self._equal(each, twins.get(name), one.get(name), other.get(name))
            or self._is_default(each, twins.get(name), one, other)
            or self._is_default(each, twins.get(name), other, one)
            for name, each in node.properties.items()
        )

    def _is_default(self, node: Node, asked: Node | None, without: Json, response: Json) -> bool:
        """Return whether one object leaves a member out that the other shows with its default: a server may do either."""
        name = node.place[-1]
        if without.get(name) is not None or name not in response:
            return False
        defaults = [found[0] for each in (node, asked) if each is not None and (found := default_of(each)) is not None]
        if (source := self.copied.get(node.path)) in response:
            defaults.append(response[source])
        return any(self.echo.same(node, each, response[name]) for each in defaults)


def copied_defaults(contract: Contract) -> dict[str, str]:
    """Return the paths of members whose default is that of another member beside them, by an exchange rule, and its name."""
    found: dict[str, str] = {}
    for rule in contract.extensions.get("x-exchange-rules", ()):
        stated = rule.get("equal", {})
        request, response = tokens(stated.get("request", "")), tokens(stated.get("response", ""))
        if response and request[:-1] == ("body", *response[:-1]):
            found[".".join(response)] = request[-1]
    return found


def _is_unset(node: Node, value: Json) -> bool:
    """Return whether a value cannot be reported from none (`empty` in the table).

    An empty message inside another can: it is a choice.
    """
    nested = len(node.place) > 1
    if value == {}:
        return not nested or node.is_map
    return value is None or value == [] or (is_zero(node, value) if nested else value == "")
