"""The response to a creation: what was sent, what follows from it, the defaults, and the server's own values."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import yaml

from emulator.alternatives import with_first
from emulator.completion import completions
from emulator.derivation import Derivation
from emulator.identifier import identifier_of
from emulator.placeholder_values import generic, new_id, now, unsent
from emulator.serialization import Render, renderer
from emulator.value_kinds import Kind, Shape, is_unspecified, shape_of
from emulator.variants import Variant
from openapi.contract import Contract
from openapi.json_types import Json


@dataclass(frozen=True)
class Inventions:
    """Values that the server makes up in its responses, from the contract's file `inventions`.

    `templates` are strings that hold the id of the object, by member. The variants use the rest: `resolved` are members whose
    name a server replaces by an id. `system` are the members that it adds to a map, and `extra` are undocumented members.
    """

    templates: Mapping[str, str] = field(default_factory=dict)
    resolved: tuple[str, ...] = ()
    system: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)


@cache
def inventions(path: Path | None) -> Inventions:
    """Return what a contract's file states; for a contract without one, an undocumented member."""
    if path is None:
        return Inventions(extra={"x_undocumented": {"shard": 7}})
    read = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return Inventions(**{**read, "resolved": tuple(read.get("resolved", ()))})


class ResponseWriter:
    """Writes the responses of one contract, in the way of one variant.

    `dumps` serializes a value to JSON. `identifier` is None if no member of the response identifies a created object.
    """

    def __init__(self, contract: Contract, variant: Variant) -> None:
        request, response = shape_of(contract.request), shape_of(with_first(contract.response))
        self.variant = variant
        self.dumps: Callable[[Json], bytes] = _in_ascii if variant.ascii_json else orjson.dumps
        self.invented = inventions(contract.data.inventions)
        self.identifier = identifier_of(contract)
        path = self.identifier.path if self.identifier else ()
        self._new_values = _new_values(response, self.invented, path, request.properties.keys())
        self._derivation = Derivation(contract, besides=frozenset(self._new_values))
        self._echoed: dict[str, Render | None] = {
            name: renderer(shape, variant)
            for name, shape in request.properties.items()
            if name in response.properties and name not in self._new_values
        }
        self._unspecified = {
            name: unspecified
            for name, shape in request.properties.items()
            if (unspecified := list(filter(is_unspecified, shape.members)))
        }
        reported = _template(request, response) | self._derivation.always
        self._template = {name: value for name, value in reported.items() if name not in self._new_values}
        self._inside = {
            name: each for name, each in completions(contract.request, contract.response).items() if name in self._echoed
        }
        self._whole = generic(response) if response.kind in _NO_OBJECTS else None
        self._optional = response.properties.keys() - response.required - self._new_values.keys()

    def settled(self, body: dict[str, Json]) -> dict[str, Json]:
        """Return a body without the members that are set to "unspecified", the same object if it has none."""
        unset = {name for name, unspecified in self._unspecified.items() if body.get(name) in unspecified}
        return {name: value for name, value in body.items() if name not in unset} if unset else body

    def response(self, query: Mapping[str, str], body: dict[str, Json]) -> tuple[str, bytes]:
        """Return a new id and, serialized, the response to the creation of an object from a settled body."""
        identifier, moment = self.identifier.new() if self.identifier else new_id(), now()
        own = {name: new_value(str(identifier), moment) for name, new_value in self._new_values.items()}
        if self._whole is not None:
            return str(identifier), self.dumps(self._whole)
        response = {**own, **self._reported(query, body)}
        if self.identifier:
            response = self.identifier.put(identifier, response)
        return str(identifier), self.dumps(dict(reversed(response.items())) if self.variant.reversed_keys else response)

    def _reported(self, query: Mapping[str, str], body: dict[str, Json]) -> dict[str, Json]:
        """Return the properties that follow from the request or are the same for all objects."""
        response = {**self._template, **self._derivation.derived(query, body)}
        for name, value in body.items():
            if name in self._echoed:
                render = self._echoed[name]
                response[name] = render(value) if render and value is not None else value
        for name, completion in self._inside.items():
            if name in response:
                response[name] = completion.added(response[name])
        return self._vary(query, body, response)

    def _vary(self, query: Mapping[str, str], body: dict[str, Json], response: dict[str, Json]) -> dict[str, Json]:
        variant = self.variant
        if not variant.fills_defaults:
            response = {name: each for name, each in response.items() if name in body or name not in self._optional}
        if variant.unset_nested == "filled":
            response = orjson.loads(orjson.dumps(response))  # values that are filled in must not get into the body
            self._derivation.complete(query, body, response)
        if variant.resolve_names:
            response |= {
                name: _resolved(response[name]) for name in self.invented.resolved if isinstance(response.get(name), str)
            }
        if variant.system_metadata:
            response |= {name: {**(response.get(name) or {}), **more} for name, more in self.invented.system.items()}
        if variant.extra_response_fields:
            response |= self.invented.extra
        return response


def _new_values(
    response: Shape, invented: Inventions, identifier: tuple[str, ...], sent: Collection[str]
) -> dict[str, Callable[[str, str], str]]:
    """Return, by property, the function that makes its value for a new object from its id and its moment of creation.

    What can be `sent` is an echo, but for the id.
    """
    templates = {name: template for name, template in invented.templates.items() if name in response.properties}
    return {
        **{name: lambda own, _: own for name in identifier if len(identifier) == 1},
        **{name: lambda *_: new_id() for name in _fresh(response, "uuid") if (name,) != identifier and name not in sent},
        **{name: lambda _, moment: moment for name in _fresh(response, "date-time") if name not in sent},
        **{name: _filled(template) for name, template in templates.items()},
    }


def _filled(template: str) -> Callable[[str, str], str]:
    return lambda own, _: template.replace("{id}", own)


def _in_ascii(response: Json) -> bytes:
    return json.dumps(response).encode()


def _fresh(response: Shape, text_format: str) -> list[str]:
    """Return the names of the required strings of a format: every object has its own."""
    found = response.properties.items()
    return [
        name
        for name, shape in found
        if name in response.required
        and (shape.kind, shape.format, shape.nullable) == (Kind.STRING, text_format, False)
        and "const" not in shape.keywords
    ]


def _template(request: Shape, response: Shape) -> dict[str, Json]:
    """Return the response to an empty body: documented defaults, null where allowed, placeholders for the required rest."""
    found = {}
    for name, shape in response.properties.items():
        sent = request.properties.get(name)
        has_default = sent is not None and "default" in sent.keywords
        if has_default or name in response.required or "default" in shape.keywords or shape.nullable:
            found[name] = unsent(shape, sent)
    return found


_NO_OBJECTS = frozenset({Kind.LIST, Kind.STRING, Kind.ENUM, Kind.DURATION, Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN})


def _resolved(name: str) -> str:
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name))
