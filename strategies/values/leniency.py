"""Values that a server may refuse though no rule forbids them, at any depth of a body.

A positive case fails a server for a refusal, so it may hold only what every conforming server accepts. Five kinds of values are
less than certain. Two are a value that the description leaves open (`x-implementation-defined`), and an id of something that
may not exist (`x-known-values`). Two are a member that the account may lack the means for (`x-needs`), and a member that
nothing describes. The last is text and numbers of odd kinds (`unusual.py`). Example: {"plan": "gold"} is certain only where
gold is a known plan. Such a value is sent in a case of its own, whose refusal is recorded and accuses nobody.
"""

from __future__ import annotations

import re
from functools import lru_cache

import jsonschema_rs

from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.values.unusual import holds_unusual, is_unusual

NEEDS = "x-needs"


def is_implementation_defined(node: Node, value: Json) -> bool:
    """Return whether the description says of the value itself, regardless of its content, that it may be refused."""
    undecided = _undecided(node)
    return not _is_known(node, value) or (undecided is not None and undecided.is_valid(value))


def _is_known(node: Node, value: Json) -> bool:
    """Return whether the server is known to accept the value, if the description lists known values."""
    known, pattern = node.get("x-known-values"), node.get("x-known-pattern")
    equal = pattern is not None and isinstance(value, str) and re.search(pattern, value) is not None
    return known is None or value in known or equal


@lru_cache(maxsize=8192)
def _undecided(node: Node) -> jsonschema_rs.Validator | None:
    schema = node.get("x-implementation-defined")
    return None if schema is None else jsonschema_rs.validator_for(schema)


def is_certain(node: Node | None, value: Json, lacking: frozenset[str] = frozenset()) -> bool:
    """Return whether a valid value must be accepted: nothing in it is implementation-defined or at a place in `lacking`."""
    if node is None:
        return not holds_unusual(value)
    if node.path in lacking or is_implementation_defined(node, value):
        return False
    if node.get("x-known-values") is not None:
        return True  # a known value, whatever it is made of
    if isinstance(value, dict):
        return all(_is_certain_member(node, name, each, lacking) for name, each in value.items())
    if isinstance(value, list):
        return all(is_certain(node.each, each, lacking) for each in value)
    return not is_unusual(node, value)


def _is_certain_member(node: Node, name: str, value: Json, lacking: frozenset[str]) -> bool:
    """Return false too for a member that no description names: a server may refuse what it does not know, or an odd name."""
    child = node.properties.get(name)
    if child is None and (node.names_every_member or (holds_unusual(name) and name not in node.required)):
        return False
    return is_certain(child or node.each, value, lacking)


def needing(root: Node) -> list[Node]:
    """Return the fields that a server accepts only where the account has what they need."""
    return [node for node in root.walk() if node.get(NEEDS) is not None]
