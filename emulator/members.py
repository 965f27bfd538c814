"""Plain bodies, member by member: what clients send with every call is neither judged nor written again.

Bodies of which no two are alike still have much in common: the same tools and settings, and another prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jsonschema_rs
import orjson

from emulator.answers import AnswerWriter
from emulator.enforcing import Enforcer, documented, plain_schema
from emulator.keywords import Check, checks_of_members
from emulator.memo import Draft
from emulator.mentioned import Mentioned, looks_at_little
from emulator.parsing.text import DEEPEST, is_deeper
from emulator.rendering import Render
from openapi.contract import Contract
from openapi.json_types import Json, Schema

_MOST, _LARGEST = 128, 2048  # values of each member, and bytes of each
_MOST_OUTLINES, _LARGEST_OUTLINE = 1024, 2048
_UNSET = b"unset"  # stands for the piece of a member that is as good as not sent
_OF_MEMBERS = frozenset({"$defs", "additionalProperties", "properties", "type"})


class Members:
    """Makes the drafts of plain bodies; for one contract, in the way of the default variant."""

    def __init__(self, contract: Contract, writer: AnswerWriter, checks: Mapping[str, Check]) -> None:
        schema = plain_schema(contract)
        self._writer = writer
        unset = dict(writer.unset)
        self._members = {
            name: _Member(name, {**each, "$defs": schema["$defs"]}, checks.get(name), writer, unset.get(name, frozenset()))
            for name, each in schema["properties"].items()
        }
        self._template = {name: _piece(name, orjson.dumps(value)) for name, value in writer.template.items()}
        beside = _beside(schema)
        self._together = jsonschema_rs.Draft202012Validator(beside)
        self._mentioned = Mentioned({"allOf": [*writer.derivation.conditions, {"properties": {"body": beside}}]})
        self._seen: dict[bytes, _Seen] = {}

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
        unset = []
        for name, value in sent.items():
            member = self._members.get(name)
            piece = member.piece(value) if member is not None else None
            if piece is None:
                return None
            if piece is _UNSET:
                unset.append(name)
            elif piece:
                pieces[name] = piece
        seen = self._together_seen(sent)
        if not seen.obeys:
            return None
        if unset:
            settled = {name: value for name, value in sent.items() if name not in unset}
            body, seen = orjson.dumps(settled), self._together_seen(settled)
        answer = self._template.copy()
        answer.update(seen.follows)
        answer.update(pieces)
        return Draft(body, self._writer.beside(b",".join(answer.values())))

    def _together_seen(self, body: dict[str, Json]) -> _Seen:
        """What members are together, by an outline: those that matter are few, and seldom have many values."""
        outline = orjson.dumps(self._mentioned.in_({}, body))
        found = self._seen.get(outline)
        if found is None:
            follows = self._writer.derivation.derived({}, body)
            pieces = {name: _piece(name, orjson.dumps(value)) for name, value in follows.items()}
            found = _Seen(self._together.is_valid(body), pieces)
            if len(self._seen) >= _MOST_OUTLINES:
                self._seen.clear()
            if len(outline) <= _LARGEST_OUTLINE:
                self._seen[outline] = found
        return found


class _Seen(NamedTuple):
    """Whether members go together, and the pieces of the answer that follow from them."""

    obeys: bool
    follows: dict[str, bytes]


class _Member:
    """One property: its values that are plain, and the pieces that answers have of them."""

    def __init__(
        self, name: str, schema: dict[str, Json], check: Check | None, writer: AnswerWriter, unset: frozenset[str]
    ) -> None:
        self._label, self._check, self._unset = _piece(name, b""), check, unset
        self._is_shown = name in writer.shown
        self._render: Render | None = writer.shown.get(name)
        self._is_any_text = schema.keys() == {"type", "$defs"} and schema["type"] == "string" and not (check or self._render)
        self._is_valid = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid
        self.known: dict[bytes, bytes] = {}

    def piece(self, value: Json) -> bytes | None:
        """What an answer shows of a value, be it nothing; None if it is not plain."""
        try:
            text = orjson.dumps(value)
        except orjson.JSONEncodeError:  # it reads what is nested deeper than it can write
            return None
        if self._is_any_text and type(value) is str:
            return self._made(value, text)
        found = self.known.get(text)
        if found is None:
            if is_deeper(value, text, DEEPEST - 1) or not self._is_valid(value) or (self._check and self._check(value)):
                return None
            found = self._made(value, text)
            if len(self.known) >= _MOST:
                self.known.clear()
            if len(text) <= _LARGEST:
                self.known[text] = found
        return found

    def _made(self, value: Json, text: bytes) -> bytes:
        if type(value) is str and value in self._unset:
            return _UNSET
        if not self._is_shown:
            return b""
        return self._label + (orjson.dumps(self._render(value)) if self._render else text)


def members_of(contract: Contract, enforcer: Enforcer, writer: AnswerWriter) -> Members | None:
    """What drafts member by member; None where bodies must be judged or answers written as a whole."""
    schema = plain_schema(contract)
    checks = checks_of_members(documented(contract.request))
    if writer.varies or enforcer.rules_of_any_query or checks is None or "properties" not in schema:
        return None
    return Members(contract, writer, checks) if looks_at_little(_beside(schema)) else None


def _beside(schema: Schema) -> dict[str, Json]:
    """What a schema of a body says beside what it says of each member."""
    return {keyword: value for keyword, value in schema.items() if keyword not in _OF_MEMBERS}


def _piece(name: str, text: bytes) -> bytes:
    return b"%b:%b" % (orjson.dumps(name), text)
