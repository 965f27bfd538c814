"""The answer to a created call: what was sent, what follows, the defaults, and what is the server's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import yaml

from emulator.derivation import Derivation
from emulator.placeholder_values import generic, new_id, new_ids, now
from emulator.serialization import Render, renderer
from emulator.value_kinds import Kind, Shape, is_unspecified, shape_of
from emulator.variants import Variant
from openapi.contract import Contract
from openapi.json_types import Json

_DATA = Path(__file__).with_name("response.yaml")


@dataclass(frozen=True)
class Inventions:
    """What `response.yaml` says; see there."""

    identifier: str
    templates: Mapping[str, str]
    resolved: tuple[str, ...]
    system: Mapping[str, Mapping[str, Json]]
    extra: Mapping[str, Json]


@cache
def inventions() -> Inventions:
    """Reads `response.yaml`."""
    read = yaml.safe_load(_DATA.read_text("utf-8"))
    return Inventions(**{**read, "resolved": tuple(read["resolved"])})


# What stands for a value in the text of an answer until it is known: no other text holds it.
_ID, _MOMENT = new_id(), new_id()
_READY = 64  # ids made at a time, since one alone takes three times as long


class ResponseWriter:
    """Writes the answers of one contract, in the way of one variant.

    `dumps` writes a value as JSON text. `template` is what an empty body shows and does not follow from it, `derivation` what
    does follow. `shown` has how a field is shown, None being as it is, and `unset` the values that are as good as none.
    """

    def __init__(self, contract: Contract, variant: Variant) -> None:
        request, response = shape_of(contract.request), shape_of(contract.response)
        self.variant = variant
        self.varies = variant != Variant()
        self.dumps: Callable[[Json], bytes] = _in_ascii if variant.ascii_json else orjson.dumps
        self.invented = inventions()
        self.identifier = str(contract.extensions.get("x-parent-call", {}).get("identifier", self.invented.identifier))
        others = {name: new_id() for name in _fresh(response, "uuid") if name != self.identifier}
        self._others = [other.encode() for other in others.values()]
        own = self._own_members(response, others)
        self._frame = self._framed(own)
        self._ready: list[str] = []
        self.derivation = Derivation(contract, besides=frozenset(own))
        self.shown: dict[str, Render | None] = {
            name: renderer(shape, variant)
            for name, shape in request.properties.items()
            if name in response.properties and name not in own
        }
        self.unset = {
            name: frozenset(filter(is_unspecified, shape.members))
            for name, shape in request.properties.items()
            if any(map(is_unspecified, shape.members))
        }
        reported = _template(request, response) | self.derivation.always
        self.template = {name: value for name, value in reported.items() if name not in own}

    def _own_members(self, response: Shape, others: dict[str, str]) -> dict[str, str]:
        """What is a call's own, with what stands for its values: ids, times, and the texts that hold its id."""
        templates = {name: each for name, each in self.invented.templates.items() if name in response.properties}
        return {
            self.identifier: _ID,
            **others,
            **dict.fromkeys(_fresh(response, "date-time"), _MOMENT),
            **{name: template.replace("{id}", _ID) for name, template in templates.items()},
        }

    def settled(self, body: dict[str, Json]) -> dict[str, Json]:
        """A body without the fields that are set to "unspecified", which is to say not set."""
        unset = [
            name for name, unspecified in self.unset.items() if type(value := body.get(name)) is str and value in unspecified
        ]
        if not unset:
            return body
        settled = body.copy()
        for name in unset:
            del settled[name]
        return settled

    def _framed(self, own: dict[str, str]) -> bytes:
        """The text of an answer as a format: of what is a call's own, its `id` and `now`, and what its draft says, `more`."""
        backwards = self.variant.reversed_keys
        text = self.dumps(dict(reversed(own.items())) if backwards else own)[1:-1].replace(b"%", b"%%")
        text = text.replace(_ID.encode(), b"%(id)b").replace(_MOMENT.encode(), b"%(now)b")
        for other in self._others:
            text = text.replace(other, b"%%(%b)b" % other)
        return b"{%(more)b" + text + b"}" if backwards else b"{" + text + b"%(more)b}"

    def draft(self, query: Mapping[str, str], body: dict[str, Json]) -> bytes:
        """The answer to a settled body as JSON text, as it stands beside what is a call's own."""
        return self.alongside(self.dumps(self._write(query, body))[1:-1])

    def alongside(self, more: bytes) -> bytes:
        """Members as JSON text, as they stand beside what is a call's own."""
        if not more:
            return b""
        return b"%b," % more if self.variant.reversed_keys else b",%b" % more

    def issue(self, draft: bytes) -> tuple[str, bytes]:
        """An id, and the answer for a new call of that id."""
        if not self._ready:
            self._ready = list(new_ids(_READY))
        identifier = self._ready.pop()
        known = {b"id": identifier.encode(), b"now": now().encode(), b"more": draft}
        for other in self._others:
            known[other] = new_id().encode()
        return identifier, self._frame % known

    def _write(self, query: Mapping[str, str], body: dict[str, Json]) -> dict[str, Json]:
        response = self.template.copy()
        response.update(self.derivation.derived(query, body))
        for name, value in body.items():
            if name in self.shown:
                render = self.shown[name]
                response[name] = render(value) if render and value is not None else value
        return self._vary(query, body, response) if self.varies else response

    def _vary(self, query: Mapping[str, str], body: dict[str, Json], response: dict[str, Json]) -> dict[str, Json]:
        variant = self.variant
        if variant.unset_nested == "filled":
            response = orjson.loads(orjson.dumps(response))  # what is filled in must not get into the body
            self.derivation.complete(query, body, response)
        if variant.resolve_voice:
            response |= {
                name: _resolved(response[name]) for name in self.invented.resolved if isinstance(response.get(name), str)
            }
        if variant.system_metadata:
            response |= {name: {**(response.get(name) or {}), **more} for name, more in self.invented.system.items()}
        if variant.extra_response_fields:
            response |= self.invented.extra
        return dict(reversed(response.items())) if variant.reversed_keys else response


def _in_ascii(response: Json) -> bytes:
    return json.dumps(response).encode()


def _fresh(response: Shape, text_format: str) -> list[str]:
    """The required texts of a format: every call has its own."""
    found = response.properties.items()
    return [
        name
        for name, shape in found
        if name in response.required and shape.kind is Kind.STRING and shape.format == text_format and not shape.nullable
    ]


def _template(request: Shape, response: Shape) -> dict[str, Json]:
    """The answer to an empty body: documented defaults, null where it may be, the required rest made up."""
    found = {}
    for name, shape in response.properties.items():
        sent = request.properties.get(name)
        if sent is not None and "default" in sent.keywords:
            found[name] = sent.keywords["default"]
        elif name in response.required or "default" in shape.keywords or shape.nullable:
            found[name] = generic(shape)
    return found


def _resolved(name: str) -> str:
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name))
