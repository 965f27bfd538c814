"""Facilities that a server may lack (`x-needs`, or any known value): it may refuse values that need them."""

from __future__ import annotations

from openapi.json_types import Json
from openapi.schema.choices import alternatives
from openapi.schema.nodes import Node

LACKING = "a server may lack what it needs"


def may_lack(node: Node) -> bool:
    """Return whether a server may lack what a member needs: the member itself, or each of its own members."""
    lacking = node.get("x-needs") is not None or node.get("x-known-values") == []
    return lacking or (bool(node.properties) and all(map(may_lack, node.properties.values())))


def may_refuse(node: Node, name: str) -> bool:
    """Return whether a server may refuse a member: for itself, or because its object cannot be without it."""
    return may_lack(node.properties[name]) or (name in node.required and may_lack(node))


def may_demand(node: Node, name: str) -> bool:
    """Return whether a server may refuse an object without a member: it may lack what each other one, or choice, needs."""
    choices = alternatives(node)
    if name in choices:
        return all(may_lack(node.properties[other]) for other in choices if other != name)
    others = [each for other, each in node.properties.items() if other != name]
    return node.is_object and bool(others) and all(map(may_lack, others)) and may_lack(node)


def refuses_only_lacking(node: Node, fragment: Json) -> bool:
    """Return whether a rule forbids only values that a server may refuse in any case."""
    forbidden = fragment.get("not") if isinstance(fragment, dict) else None
    names = forbidden.get("required", ()) if isinstance(forbidden, dict) else ()
    return any(name in node.properties and may_lack(node.properties[name]) for name in names)
