"""Python protobuf's `json_format.ParseDict`, after `json.loads`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version as installed
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from openapi.json_types import Json, Schema
from tests.parsers.protobuf_messages import MessageType, message_type
from tests.parsers.reading import Parser, Read, Reading, Refused

_TYPES = {FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT64}


def read(schema: Schema, texts: Sequence[str]) -> list[Reading]:
    """Return what protobuf makes of each text."""
    parsed = message_type(schema)
    return [_reading(parsed, text) for text in texts]


def _reading(parsed: MessageType, text: str) -> Reading:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Refused(str(error))
    try:
        found = parsed.parse(document)
    except (ArithmeticError, ValueError) as error:  # protobuf lets Python's own errors out, as for an infinite int32
        return Refused(f"{type(error).__name__}: {error}")
    if not isinstance(found, Message):
        return Refused(str(found))
    return Read(integers(MessageToDict(found), found.DESCRIPTOR))


def integers(value: Json, descriptor: Any) -> Json:
    """Return a canonical message with integers of 64 bits as numbers: ProtoJSON writes them as strings."""
    if descriptor.full_name.startswith("google.protobuf.") or not isinstance(value, dict):
        return value
    fields = {each.json_name: each for each in descriptor.fields}
    return {name: _field(each, fields[name]) for name, each in value.items()}


def _field(value: Json, field: Any) -> Json:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        return {key: _single(each, kind.fields_by_name["value"]) for key, each in value.items()}
    if isinstance(value, list) and field.is_repeated:
        return [_single(each, field) for each in value]
    return _single(value, field)


def _single(value: Json, field: Any) -> Json:
    if field.message_type is not None:
        return integers(value, field.message_type)
    return int(value) if field.type in _TYPES else value


PYTHON_PROTOBUF = Parser("Python protobuf", lambda: installed("protobuf"), lambda: None, read, settings="json_format.ParseDict")
