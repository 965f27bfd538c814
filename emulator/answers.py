"""The answer to a created call: what was sent, what follows, the defaults, and what is the server's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import yaml

from emulator.derivation import Derivation
from emulator.generic import generic, new_id, now
from emulator.rendering import Render, renderer
from emulator.shapes import Kind, Shape, is_unspecified, shape_of
from emulator.variants import Variant
from openapi.contract import Contract
from openapi.json_types import Json

_DATA = Path(__file__).with_name("answer.yaml")


@dataclass(frozen=True)
class Inventions:
    """What `answer.yaml` says; see there."""

    identifier: str
    templates: Mapping[str, str]
    resolved: tuple[str, ...]
    system: Mapping[str, Mapping[str, Json]]
    extra: Mapping[str, Json]


@cache
def inventions() -> Inventions:
    """Reads `answer.yaml`."""
    read = yaml.safe_load(_DATA.read_text("utf-8"))
    return Inventions(**{**read, "resolved": tuple(read["resolved"])})


# What stands for a value in the text of an answer until it is known: no other text holds it.
_ID, _MOMENT = new_id(), new_id()
_READY = 64  # ids made at a time, since one alone takes three times as long


class AnswerWriter:
    """Writes the answers of one contract, in the way of one variant."""

    def __init__(self, contract: Contract, variant: Variant) -> None:
        request, answer = shape_of(contract.request), shape_of(contract.answer)
        self.variant = variant
        self._varies = variant != Variant()
        self.invented = inventions()
        self.identifier = str(contract.extensions.get("x-prior-call", {}).get("identifier", self.invented.identifier))
        self._others = {name: new_id() for name in _fresh(answer, "uuid") if name != self.identifier}
        own = self._own_members(answer)
        text = self.dumps(dict(reversed(own.items())) if variant.reversed_keys else own)[1:-1]
        self._own = [part.split(_ID.encode()) for part in text.split(_MOMENT.encode())]
        self._ready: list[tuple[str, list[bytes]]] = []
        self._derivation = Derivation(contract, besides=frozenset(own))
        self._shown: dict[str, Render | None] = {
            name: renderer(shape, variant)
            for name, shape in request.properties.items()
            if name in answer.properties and name not in own
        }
        self._unset = {
            name: frozenset(filter(is_unspecified, shape.members))
            for name, shape in request.properties.items()
            if any(map(is_unspecified, shape.members))
        }
        told = _template(request, answer) | self._derivation.always
        self._template = {name: value for name, value in told.items() if name not in own}

    def _own_members(self, answer: Shape) -> dict[str, str]:
        """What is a call's own, with what stands for its values: ids, times, and the texts that hold its id."""
        templates = {name: each for name, each in self.invented.templates.items() if name in answer.properties}
        return {
            self.identifier: _ID,
            **self._others,
            **dict.fromkeys(_fresh(answer, "date-time"), _MOMENT),
            **{name: template.replace("{id}", _ID) for name, template in templates.items()},
        }

    def settled(self, body: dict[str, Json]) -> dict[str, Json]:
        """A body without the fields that are set to "unspecified", which is to say not set."""
        unset = [name for name, unspecified in self._unset.items() if name in body and body[name] in unspecified]
        return {name: value for name, value in body.items() if name not in unset} if unset else body

    def draft(self, query: Mapping[str, str], body: dict[str, Json]) -> bytes:
        """The answer to a settled body as JSON text, without what is a call's own."""
        return self.dumps(self._write(query, body))

    def issue(self, draft: bytes) -> tuple[str, bytes]:
        """An id, and the answer for a new call of that id."""
        if not self._ready:
            self._ready = [self._own_text() for _ in range(_READY)]
        identifier, parts = self._ready.pop()
        own = now().encode().join(parts)
        if draft == b"{}":
            return identifier, b"{%b}" % own
        if self.variant.reversed_keys:
            return identifier, b"%b,%b}" % (draft[:-1], own)
        return identifier, b"{%b,%b" % (own, draft[1:])

    def _own_text(self) -> tuple[str, list[bytes]]:
        """A new id, and the text of what is the call's own, in the parts between which the moment is to stand."""
        identifier = new_id()
        written = identifier.encode()
        parts = [written.join(each) for each in self._own]
        for other in self._others.values():
            fresh = new_id().encode()
            parts = [part.replace(other.encode(), fresh) for part in parts]
        return identifier, parts

    def _write(self, query: Mapping[str, str], body: dict[str, Json]) -> dict[str, Json]:
        answer = self._template.copy()
        answer.update(self._derivation.derived(query, body))
        for name, value in body.items():
            if name in self._shown:
                render = self._shown[name]
                answer[name] = render(value) if render else value
        return self._vary(query, body, answer) if self._varies else answer

    def _vary(self, query: Mapping[str, str], body: dict[str, Json], answer: dict[str, Json]) -> dict[str, Json]:
        variant = self.variant
        if variant.unset_nested == "filled":
            answer = orjson.loads(orjson.dumps(answer))  # what is filled in must not get into the body
            self._derivation.complete(query, body, answer)
        if variant.resolve_voice:
            answer |= {name: _resolved(answer[name]) for name in self.invented.resolved if isinstance(answer.get(name), str)}
        if variant.system_metadata:
            answer |= {name: {**(answer.get(name) or {}), **more} for name, more in self.invented.system.items()}
        if variant.extra_answer_fields:
            answer |= self.invented.extra
        return dict(reversed(answer.items())) if variant.reversed_keys else answer

    def dumps(self, answer: Json) -> bytes:
        """The answer as JSON text."""
        return json.dumps(answer).encode() if self.variant.ascii_json else orjson.dumps(answer)


def _fresh(answer: Shape, text_format: str) -> list[str]:
    """The required texts of a format: every call has its own."""
    found = answer.properties.items()
    return [
        name
        for name, shape in found
        if name in answer.required and shape.kind is Kind.STRING and shape.format == text_format and not shape.nullable
    ]


def _template(request: Shape, answer: Shape) -> dict[str, Json]:
    """The answer to an empty body: documented defaults, null where it may be, the required rest made up."""
    found = {}
    for name, shape in answer.properties.items():
        sent = request.properties.get(name)
        if sent is not None and "default" in sent.keywords:
            found[name] = sent.keywords["default"]
        elif name in answer.required or "default" in shape.keywords or shape.nullable:
            found[name] = generic(shape)
    return found


def _resolved(name: str) -> str:
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name))
