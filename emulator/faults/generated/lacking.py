"""What a server may lack (`x-needs`, or any known value), and so refuse without blame, however it comes to do so."""

from __future__ import annotations

from openapi.json_types import Json
from openapi.schema.nodes import Node

LACKING = "a server may lack what it needs"


def may_lack(node: Node) -> bool:
    """Whether a server may lack what a field needs: the field itself, or each of its members."""
    lacking = node.get("x-needs") is not None or node.get("x-known-values") == []
    return lacking or (bool(node.properties) and all(map(may_lack, node.properties.values())))


def may_refuse(node: Node, name: str) -> bool:
    """Whether a server may refuse a member of a field: for itself, or as what the field cannot be without."""
    return may_lack(node.properties[name]) or (name in node.required and may_lack(node))


def may_demand(node: Node, name: str) -> bool:
    """Whether a server may refuse a field for want of a member: each other member may be lacking."""
    others = [each for other, each in node.properties.items() if other != name]
    return node.is_object and bool(others) and all(map(may_lack, others)) and may_lack(node)


def refuses_only_lacking(node: Node, fragment: Json) -> bool:
    """Whether a rule only forbids what a server may refuse in any case."""
    forbidden = fragment.get("not") if isinstance(fragment, dict) else None
    names = forbidden.get("required", ()) if isinstance(forbidden, dict) else ()
    return any(name in node.properties and may_lack(node.properties[name]) for name in names)
