"""The identifier of a created object: its place in the response, as the contract states it or its paths suggest it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from openapi.contract import Contract
from openapi.json_types import Json, tokens
from openapi.schema.nodes import Node

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, eq=False)
class Identifier:
    """The member at `path` of a response; `node` describes it, None where nothing does. A contract may have stated it."""

    path: tuple[str, ...]
    node: Node | None
    is_stated: bool

    def of(self, response: Json) -> str | None:
        """Return the identifier in a response as it stands in a path; None where there is none."""
        for step in self.path:
            response = response.get(step) if isinstance(response, dict) else None
        is_number = isinstance(response, int) and not isinstance(response, bool)
        return str(response) if is_number else response if isinstance(response, str) and response else None

    def is_sent(self, body: Json) -> bool:
        """Return whether a body sets the identifier itself: a server may keep it or make another one."""
        for step in self.path:
            if not isinstance(body, dict) or step not in body:
                return False
            body = body[step]
        return True

    def value(self, text: str) -> Json:
        """Return the value in a response of an identifier as it stands in a path."""
        is_number = self.node is not None and self.node.types == {"integer"} and re.fullmatch(r"-?\d{1,18}", text)
        return int(text) if is_number else text


def identifier_of(contract: Contract, body: Node, response: Node) -> Identifier:
    """Return the identifier of what a contract creates; `id` where nothing suggests one."""
    if contract.identifier is not None:
        path = tokens(contract.identifier)
        return Identifier(path, _at(response, path), is_stated=True)
    for path in _suggested(contract, response):
        node = _at(response, path)
        # A member that a request sets is an echo, and no object names another one.
        if node is not None and _at(body, path) is None and node.types & {"string", "integer"} and not node.properties:
            return Identifier(path, node, is_stated=False)
    return Identifier(("id",), None, is_stated=False)


def _suggested(contract: Contract, response: Node) -> Iterator[tuple[str, ...]]:
    """Yield places that may hold the identifier, the likeliest first."""
    names = response.properties
    places = [(name,) for name in names] + [(outer, name) for outer, node in names.items() for name in node.properties]
    variables = [_plain(_VARIABLE.findall(each.path)[-1]) for each in (contract.read, contract.delete) if each]
    for wanted in (*variables, "id"):
        yield from (place for place in places if _plain(place[-1]) == wanted)
    yield from ((name,) for name, node in names.items() if name in response.required and node.get("format") == "uuid")
    yield from (place for place in places if place[-1].lower().endswith("id"))


def _plain(name: str) -> str:
    """Return a name without what only its spelling adds: `thing_key` and `thingKey` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _at(node: Node, path: tuple[str, ...]) -> Node | None:
    for step in path:
        inner = node.properties.get(step)
        if inner is None:
            return None
        node = inner
    return node


def in_location(contract: Contract, headers: Mapping[str, str]) -> str | None:
    """Return the identifier in the URL of a `Location` header (RFC 9110, 10.2.2); None where it leads to no object."""
    path = urlsplit(headers.get("location", "")).path
    for operation in (contract.read, contract.delete):
        if operation is not None and path:
            front, _, rest = operation.path.partition("{")
            found = re.search(re.escape(front) + "([^/]+)" + re.escape(rest.partition("}")[2]) + "$", path)
            if found:
                return unquote(found[1])
    return None
