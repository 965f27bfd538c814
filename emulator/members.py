"""Plain bodies, member by member: what clients send with every call is neither judged nor written again.

Bodies of which no two are alike still have much in common: the same tools and settings, and another prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jsonschema_rs
import orjson

from emulator.extension_keywords import Check, checks_of_members
from emulator.memo import Draft
from emulator.mentioned import Mentioned, looks_at_little
from emulator.parsing.text import DEEPEST, is_deeper
from emulator.response_writer import ResponseWriter
from emulator.serialization import Render
from emulator.validation import Enforcer, Validator, documented, member_validators, plain_schema
from openapi.contract import Contract
from openapi.json_types import Json, Schema
from openapi.schema.cache import Cache

_MOST_VALUES, _MOST_OUTLINES, _LONGEST = 128, 1024, 2048  # values of each member, outlines of all; bytes
_OF_MEMBERS = frozenset({"$defs", "additionalProperties", "properties", "type"})


class Members:
    """Makes the drafts of plain bodies; for one contract, in the way of the default variant."""

    def __init__(self, contract: Contract, writer: ResponseWriter, checks: Mapping[str, Check]) -> None:
        schema = plain_schema(contract)
        self._writer = writer
        alongside = _alongside(schema)
        matters = Mentioned({"allOf": [*writer.derivation.conditions, {"properties": {"body": alongside}}]})
        validators = member_validators(contract)
        self._members = {
            name: _Member(name, each, validators[name], checks.get(name), writer, matters)
            for name, each in schema["properties"].items()
        }
        self._template = {name: _piece(name, orjson.dumps(value)) for name, value in writer.template.items()}
        self._together = jsonschema_rs.Draft202012Validator(alongside)
        self._known: Cache[_Together] = Cache(_MOST_OUTLINES, _LONGEST)

    @property
    def remembered(self) -> int:
        """How many values are remembered."""
        return sum(len(member.known) for member in self._members.values())

    def draft(self, body: bytes) -> Draft | None:
        """The draft of a call; None if the body is not plain."""
        try:
            sent = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        if type(sent) is not dict:
            return None
        pieces: dict[str, bytes] = {}
        outlines: dict[str, bytes] = {}
        unset = []
        for name, value in sent.items():
            member = self._members.get(name)
            part = member.part(value) if member is not None else None
            if part is None:
                return None
            if part.outline:
                outlines[name] = part.outline
            if part.is_unset:
                unset.append(name)
            elif part.piece:
                pieces[name] = part.piece
        seen = self._seen(outlines, sent)
        if not seen.is_valid:
            return None
        if unset:
            sent = {name: value for name, value in sent.items() if name not in unset}
            body = orjson.dumps(sent)
            seen = self._seen({name: outline for name, outline in outlines.items() if name not in unset}, sent)
        response = self._template.copy()
        response.update(seen.follows)
        response.update(pieces)
        return Draft(body, self._writer.alongside(b",".join(response.values())))

    def _seen(self, outlines: dict[str, bytes], body: dict[str, Json]) -> _Together:
        """What members are together, by their outlines: those that matter are few, and seldom have many values."""
        key = b",".join(outlines.values())
        found = self._known.get(key)
        if found is None:
            follows = self._writer.derivation.derived({}, body)
            pieces = {name: _piece(name, orjson.dumps(value)) for name, value in follows.items()}
            found = _Together(self._together.is_valid(body), pieces)
            self._known.keep(key, found)
        return found


class _Together(NamedTuple):
    """Whether members go together, and the pieces of the answer that follow from them."""

    is_valid: bool
    follows: dict[str, bytes]


class _Part(NamedTuple):
    """What an answer shows of a value, be it nothing, and by what the value matters to others, be it nothing.

    A value that `is_unset` is as good as not sent.
    """

    piece: bytes
    outline: bytes = b""
    is_unset: bool = False


class _Member:
    """One property: its values that are plain, and the parts that they have."""

    def __init__(
        self, name: str, schema: Schema, validator: Validator, check: Check | None, writer: ResponseWriter, matters: Mentioned
    ) -> None:
        self._name, self._check, self._matters = name, check, matters
        self._label = _piece(name, b"")
        self._unset = writer.unset.get(name, frozenset())
        self._is_shown = name in writer.shown
        self._render: Render | None = writer.shown.get(name)
        # Of what may be any text, and matters to nobody else, nothing is gained by remembering.
        self._is_any_string = schema == {"type": "string"} and not (
            check or self._render or self._unset or matters.mentions(name)
        )
        self._is_valid = validator.is_valid
        self.known: Cache[_Part] = Cache(_MOST_VALUES, _LONGEST)

    def part(self, value: Json) -> _Part | None:
        """The part of a value; None if it is not plain."""
        try:
            text = orjson.dumps(value)
        except orjson.JSONEncodeError:  # it reads what is nested deeper than it can write
            return None
        if self._is_any_string and type(value) is str:
            return _Part(self._shown(value, text))
        found = self.known.get(text)
        if found is None:
            if is_deeper(value, text, DEEPEST - 1) or not self._is_valid(value) or (self._check and self._check(value)):
                return None
            is_unset = type(value) is str and value in self._unset
            found = _Part(self._shown(value, text), self._outline(value), is_unset)
            self.known.keep(text, found)
        return found

    def _shown(self, value: Json, text: bytes) -> bytes:
        if not self._is_shown:
            return b""
        return self._label + (orjson.dumps(self._render(value)) if self._render else text)

    def _outline(self, value: Json) -> bytes:
        return orjson.dumps(self._matters.in_({}, {self._name: value})) if self._matters.mentions(self._name) else b""


def members_of(contract: Contract, enforcer: Enforcer, writer: ResponseWriter) -> Members | None:
    """What drafts member by member; None where bodies must be judged or answers written as a whole."""
    schema = plain_schema(contract)
    checks = checks_of_members(documented(contract.request))
    if writer.varies or enforcer.rules_of_any_query or checks is None or "properties" not in schema:
        return None
    return Members(contract, writer, checks) if looks_at_little(_alongside(schema)) else None


def _alongside(schema: Schema) -> dict[str, Json]:
    """What a schema of a body says beside what it says of each member."""
    return {keyword: value for keyword, value in schema.items() if keyword not in _OF_MEMBERS}


def _piece(name: str, text: bytes) -> bytes:
    return b"%b:%b" % (orjson.dumps(name), text)
