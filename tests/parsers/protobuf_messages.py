"""Protobuf messages built at run time from the JSON Schema of a request body, and parsed by protobuf itself.

The mapping inverts the one by which protobuf messages are published as OpenAPI: a named schema is a message, a string with
the duration pattern is a `google.protobuf.Duration`, an object without members a `Struct`, and so on. What no message can
express, such as a union of types, is a `google.protobuf.Value`, which reads any JSON value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import duration_pb2, json_format, struct_pb2, timestamp_pb2
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from openapi import load_contract

Schema = Mapping[str, Any]

# Generators of OpenAPI write this pattern for google.protobuf.Duration and for nothing else.
DURATION = r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$"
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
WELL_KNOWN = (duration_pb2, struct_pb2, timestamp_pb2)
OPTIONAL, REPEATED = FieldDescriptorProto.LABEL_OPTIONAL, FieldDescriptorProto.LABEL_REPEATED
MESSAGE, ENUM, STRING = FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_ENUM, FieldDescriptorProto.TYPE_STRING

SCALARS: Mapping[tuple[str, str | None], FieldDescriptorProto.Type.ValueType] = {
    ("boolean", None): FieldDescriptorProto.TYPE_BOOL,
    ("integer", "int32"): FieldDescriptorProto.TYPE_INT32,
    ("integer", "uint32"): FieldDescriptorProto.TYPE_UINT32,
    ("integer", "uint64"): FieldDescriptorProto.TYPE_UINT64,
    ("integer", None): FieldDescriptorProto.TYPE_INT64,
    ("number", "float"): FieldDescriptorProto.TYPE_FLOAT,
    ("number", None): FieldDescriptorProto.TYPE_DOUBLE,
    ("string", "byte"): FieldDescriptorProto.TYPE_BYTES,
    ("string", "bytes"): FieldDescriptorProto.TYPE_BYTES,
    ("string", None): STRING,
}


@dataclass(frozen=True)
class MessageType:
    """A message type, which reads JSON values."""

    message: type[Message]

    def parse(self, document: object) -> Message | json_format.Error:
        """Return the message that protobuf reads from a decoded JSON value, or protobuf's error."""
        # At the top level ParseDict iterates over whatever it is given, so that "" and [] are empty messages.
        if not isinstance(document, dict):
            return json_format.ParseError(f"an object is expected, not a {type(document).__name__}")
        try:
            message = json_format.ParseDict(document, self.message())
            # NaN in a Struct is read without complaint, and only writing it again fails.
            json_format.MessageToDict(message)
        except json_format.Error as error:
            return error
        return message

    def refuses(self, document: object) -> bool:
        """Return true if protobuf reads no message from a decoded JSON value."""
        return isinstance(self.parse(document), json_format.Error)


@dataclass(frozen=True)
class _Kind:
    """The protobuf type of a value: `name` is that of a message or enum, `values` the kind of the values of a map."""

    code: FieldDescriptorProto.Type.ValueType
    name: str = ""
    label: FieldDescriptorProto.Label.ValueType = OPTIONAL
    values: _Kind | None = None


VALUE = _Kind(MESSAGE, ".google.protobuf.Value")
STRUCT = _Kind(MESSAGE, ".google.protobuf.Struct")
LIST = _Kind(MESSAGE, ".google.protobuf.ListValue")


def request_type(openapi: str | None = None, overlays: list[str] | None = None) -> MessageType:
    """Return the message type of the request body that a description with overlays promises, by default our own.

    `openapi` is the path of an OpenAPI document, `overlays` are those of overlays. Raises ContractError.
    """
    return message_type(load_contract(openapi, overlays, contract="ultravox").request)


def message_type(schema: Schema) -> MessageType:
    """Return the message type of a self-contained JSON Schema for objects, with its definitions in `$defs`."""
    builder = _Builder(schema.get("$defs", {}), _package(schema))
    name = builder.root({key: value for key, value in schema.items() if key != "$defs"})
    pool = DescriptorPool()
    for known in WELL_KNOWN:
        pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(builder.file.SerializeToString())
    return MessageType(GetMessageClass(pool.FindMessageTypeByName(name.removeprefix("."))))


def _package(schema: Schema) -> str:
    """Return the package of a schema: the part before the last dot of the name that it refers to."""
    parts = str(schema.get("$ref", "")).removeprefix("#/$defs/").split(".")[:-1]
    return ".".join(parts) if parts and all(map(IDENTIFIER.match, parts)) else "described"


@dataclass
class _Builder:
    """Collects the messages and enums of one file."""

    defs: Mapping[str, Schema]
    package: str
    file: FileDescriptorProto = field(default_factory=FileDescriptorProto)
    referred: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.file.MergeFrom(FileDescriptorProto(name="described.proto", package=self.package, syntax="proto3"))
        self.file.dependency.extend(known.DESCRIPTOR.name for known in WELL_KNOWN)

    def root(self, schema: Schema) -> str:
        """Return the full name of the message that the whole schema describes."""
        kind = self.kind(schema, "Request")
        if kind.code == MESSAGE and kind.label == OPTIONAL and kind != VALUE:
            return kind.name
        raise ValueError(f"no message has the type {schema.get('type')!r}")

    def kind(self, schema: Any, near: str) -> _Kind:
        """Return the type of the values that a schema describes; `near` names a message or enum that it makes."""
        schema = self._plain(schema)
        if "$ref" in schema:
            return self._referred(schema["$ref"].removeprefix("#/$defs/"))
        make = {"object": self._object, "array": self._array, "string": self._string}.get(schema.get("type", ""))
        return make(schema, near) if make else self._scalar(schema)

    def _plain(self, schema: Any) -> dict[str, Any]:
        """Return a schema without the null type, and without the combinators that say no more than another schema."""
        if not isinstance(schema, Mapping):
            return {}
        types = schema.get("type")
        if isinstance(types, list):
            types = [each for each in types if each != "null"]
            types = types[0] if len(types) == 1 else None
        for combinator in ("oneOf", "anyOf", "allOf"):
            members = [each for each in schema.get(combinator, ()) if each != {"type": "null"}]
            if types is None and not schema.keys() & {"$ref", "properties"} and len(members) == 1:
                return self._plain(members[0])
        types = types or ("object" if self._members(schema) else None)
        return {key: value for key, value in schema.items() if key != "type"} | ({"type": types} if types else {})

    def _members(self, schema: Schema) -> dict[str, Any]:
        """Return the properties of an object, those of `allOf` included."""
        merged: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            part = self.defs.get(str(part.get("$ref", "")).removeprefix("#/$defs/"), part)
            # A member of allOf that states a rule narrows properties and has none of its own.
            merged |= {name: each for name, each in self._members(part).items() if "x-rule" not in part}
        return merged | dict(schema.get("properties", {}))

    def _referred(self, name: str) -> _Kind:
        """Return the kind of a definition; an object that is named is a message, even if it has no members."""
        schema = self._plain(self.defs[name])
        if name.startswith("google.protobuf."):
            return _Kind(MESSAGE, f".{name}")
        if name not in self.referred:
            if schema.get("type") != "object" or (not self._members(schema) and "additionalProperties" in schema):
                return self.kind(schema, name)
            self._message(name.removeprefix(f"{self.package}."), schema, known_as=name)
        return _Kind(MESSAGE, self.referred[name])

    def _scalar(self, schema: Schema) -> _Kind:
        declared, form = schema.get("type", ""), schema.get("format")
        code = SCALARS.get((declared, form)) or SCALARS.get((declared, None))
        return VALUE if code is None else _Kind(code)

    def _string(self, schema: Schema, near: str) -> _Kind:
        if schema.get("pattern") == DURATION:
            return _Kind(MESSAGE, ".google.protobuf.Duration")
        if schema.get("format") == "date-time":
            return _Kind(MESSAGE, ".google.protobuf.Timestamp")
        names = [name for name in schema.get("enum", ()) if name is not None]
        if names and all(IDENTIFIER.match(name) for name in names):
            return self._enum(names, near)
        return self._scalar(schema)

    def _enum(self, names: Sequence[str], near: str) -> _Kind:
        """Make an enum, in a message of its own since the names of its members are those of its surroundings."""
        holder, full = self._new(near)
        enum = holder.enum_type.add(name="Enum")
        for number, name in enumerate(names):
            enum.value.add(name=name, number=number)
        return _Kind(ENUM, f"{full}.Enum")

    def _array(self, schema: Schema, near: str) -> _Kind:
        kind = self.kind(schema.get("items", {}), near)
        return LIST if kind.label == REPEATED else _Kind(kind.code, kind.name, REPEATED)

    def _object(self, schema: Schema, near: str) -> _Kind:
        if self._members(schema):
            return _Kind(MESSAGE, self._message(near, schema))
        values = schema.get("additionalProperties")
        kind = self.kind(values, near) if isinstance(values, Mapping) else VALUE
        return STRUCT if kind == VALUE or kind.label == REPEATED else _Kind(MESSAGE, "", REPEATED, kind)

    def _new(self, near: str) -> tuple[DescriptorProto, str]:
        """Return a new message with a name that is like `near`, and its full name."""
        short = name = re.sub(r"\W|^(?=\d)", "_", near, flags=re.ASCII)
        while name in self.taken:
            name = f"{short}_{len(self.taken)}"
        self.taken.add(name)
        return self.file.message_type.add(name=name), f".{self.package}.{name}"

    def _message(self, near: str, schema: Schema, known_as: str = "") -> str:
        """Make a message with a field for each property, and return its full name."""
        message, full = self._new(near)
        if known_as:
            self.referred[known_as] = full
        properties = self._members(schema)
        for number, (name, each) in enumerate(properties.items(), start=1):
            kind = self.kind(each, f"{near}_{name}")
            made = message.field.add(
                name=_field_name(name, message), json_name=name, number=number, label=kind.label, type=kind.code
            )
            if kind.values:
                kind = _Kind(MESSAGE, _entry(message, full, made.name, kind.values), REPEATED)
            if kind.name:
                made.type_name = kind.name
        _group(message, list(_one_of_groups(schema, properties)))
        return full


def _field_name(name: str, message: DescriptorProto) -> str:
    """Return the name that a protobuf file has for a property: `system_prompt` for `systemPrompt`."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    used = {each.name for each in message.field}
    return snake if IDENTIFIER.match(snake) and snake not in used else f"field_{len(used) + 1}"


def _entry(message: DescriptorProto, full: str, name: str, kind: _Kind) -> str:
    """Make the entry of a map inside its message, and return its full name."""
    # Protobuf derives the name of the entry from that of the field.
    entry = message.nested_type.add(name="".join(part.capitalize() for part in name.split("_")) + "Entry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, label=OPTIONAL, type=STRING)
    value = entry.field.add(name="value", number=2, label=OPTIONAL, type=kind.code)
    if kind.name:
        value.type_name = kind.name
    return f"{full}.{entry.name}"


def _one_of_groups(schema: Schema, properties: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the sets of properties of which at most one can be set."""
    for part in (schema, *schema.get("allOf", ())):
        branches = [branch.get("required", ()) for branch in part.get("oneOf", ())]
        if len(branches) > 1 and all(len(required) == 1 for required in branches):
            yield [required[0] for required in branches]
    if schema.get("maxProperties") == 1 and len(properties) > 1:
        yield list(properties)


def _group(message: DescriptorProto, groups: Sequence[Sequence[str]]) -> None:
    """Put the fields of each group into a oneof, and give every other scalar a presence of its own."""
    grouped = {name: f"group_{index}" for index, group in reversed(list(enumerate(groups))) for name in group}
    for each in message.field:
        # Protobuf wants oneofs that stand for presence behind all others.
        if each.json_name in grouped and each.label == OPTIONAL:
            _join(message, each, grouped[each.json_name])
    for each in message.field:
        if not each.HasField("oneof_index") and each.label == OPTIONAL and each.type != MESSAGE:
            each.proto3_optional = True
            _join(message, each, f"_{each.name}")


def _join(message: DescriptorProto, each: FieldDescriptorProto, name: str) -> None:
    names = [known.name for known in message.oneof_decl]
    if name not in names:
        message.oneof_decl.add(name=name)
        names.append(name)
    each.oneof_index = names.index(name)
