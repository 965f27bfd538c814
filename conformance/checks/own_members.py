"""Members that only responses have, wherever they stand: in items, maps and branches. A server adds them to what was sent.

request   {payment: oneOf[{card}]}           sent   {"payment": {"card": "x"}}
response  {payment: oneOf[{id, card}]}       shown  {"payment": {"id": 1, "card": "x"}}     `id` is no echo of anything
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openapi.json_types import Json, Schema, unescape
from openapi.schema.nodes import Node

_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("if", "then", "else")


@dataclass(frozen=True, slots=True)
class _Schemas:
    """All schemas that may apply to one value."""

    root: Schema
    found: Sequence[Schema]

    @classmethod
    def of(cls, root: Schema, schemas: Sequence[Json]) -> _Schemas:
        """Return the schemas with those that they refer to and combine, each once."""
        found, waiting = list[Schema](), [each for each in schemas if isinstance(each, dict)]
        while waiting:
            schema = waiting.pop()
            if any(schema is each for each in found):
                continue
            found.append(schema)
            inside = [each for key in _LISTS for each in schema.get(key, ())]
            inside += [schema[key] for key in _SINGLE if key in schema]
            inside += schema.get("dependentSchemas", {}).values()
            if "$ref" in schema:
                inside.append(root["$defs"][unescape(schema["$ref"].removeprefix("#/$defs/"))])
            waiting += [each for each in inside if isinstance(each, dict)]
        return cls(root, found)

    def names(self) -> set[str]:
        """Return the names of described members."""
        return {name for each in self.found for name in each.get("properties", ())}

    def member(self, name: str) -> _Schemas:
        """Return the schemas of a member."""
        return self.of(self.root, list(self._members(name)))

    def item(self) -> _Schemas:
        """Return the schemas of the items of an array."""
        return self.of(self.root, [each["items"] for each in self.found if "items" in each])

    def _members(self, name: str) -> Iterator[Json]:
        for each in self.found:
            if name in each.get("properties", {}):
                yield each["properties"][name]
            elif "additionalProperties" in each:
                yield each["additionalProperties"]


def without_own(node: Node, other: Node, sent: Json, got: Json) -> Json:
    """Return a value of a response without members that no request describes and none was sent of.

    `node` and `other` describe the value in requests and in responses.
    """
    request, response = (_Schemas.of(each.root, [part.schema for part in each.parts]) for each in (node, other))
    return _without(request, response, sent, got)


def _without(request: _Schemas, response: _Schemas, sent: Json, got: Json) -> Json:
    if isinstance(sent, list) and isinstance(got, list) and len(sent) == len(got):
        one, two = request.item(), response.item()
        return [_without(one, two, value, back) for value, back in zip(sent, got, strict=True)]
    if not isinstance(sent, dict) or not isinstance(got, dict):
        return got
    own = response.names() - request.names() - sent.keys()
    kept = {name: value for name, value in got.items() if name not in own}
    return {
        name: _without(request.member(name), response.member(name), sent[name], value) if name in sent else value
        for name, value in kept.items()
    }
