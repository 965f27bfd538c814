"""Choices: objects of whose members exactly one is set."""

from __future__ import annotations

from openapi.schema.nodes import Node


def alternatives(node: Node) -> list[str]:
    """Return the members of an object of which exactly one must be present; none without such a choice."""
    branches = node.get("oneOf") or ()
    named = [each["required"][0] for each in branches if isinstance(each, dict) and len(each.get("required", ())) == 1]
    if not branches or len(named) < len(branches):
        named = list(node.properties) if node.get("maxProperties") == 1 else []
    return [name for name in named if name in node.properties and not node.properties[name].get("x-hazard")]
