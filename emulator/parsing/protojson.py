"""Reading bodies by the ProtoJSON mapping, as protobuf's `json_format.ParseDict` for Python does.

An unknown key is an error in a message; null means "not set"; names in snake_case, numbers as strings and enum
members by number are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from emulator.identity import by_identity
from emulator.parsing.malformed import Malformed
from emulator.parsing.scalars import SCALARS
from emulator.value_kinds import Kind, Shape
from emulator.variants import Variant
from openapi.json_types import Json

Read = Callable[[Json], Json]


def reader(shape: Shape, variant: Variant) -> Read:
    """Return the reader of a shape. The reader raises Malformed for what protojson does not read."""
    read = (_lenient if variant.unknown_keys == "ignored" else _strict)(shape)

    def body(value: Json) -> Json:
        # Inside a body, an empty array or string is an empty message; as a body, it is none.
        if shape.kind is Kind.MESSAGE and "type" in shape.keywords and type(value) is not dict:
            raise Malformed(f"expected an object, got {type(value).__name__}")
        return read(value)

    return body


@by_identity(64)
def _lenient(shape: Shape) -> Read:
    return _Compiler(ignore_unknown=True).read(shape)


@by_identity(64)
def _strict(shape: Shape) -> Read:
    return _Compiler(ignore_unknown=False).read(shape)


class _Field(NamedTuple):
    """A field of a message: only a `google.protobuf.Value` `keeps_null`, and only some `may_repeat` in both spellings."""

    name: str
    read: Callable[..., Json]
    keeps_null: bool
    is_message: bool
    may_repeat: bool


class _Compiler:
    """Compiles each shape once into a function, since shapes may be recursive."""

    def __init__(self, *, ignore_unknown: bool) -> None:
        self.ignore_unknown = ignore_unknown
        self.known: dict[int, Read] = {}

    def read(self, shape: Shape) -> Read:
        if id(shape) not in self.known:
            compilers = {
                Kind.MESSAGE: self._message,
                Kind.MAP: self._map,
                Kind.LIST: self._array,
                Kind.STRUCT: _struct,
            }
            make = compilers.get(shape.kind) or SCALARS[shape.kind]
            self.known[id(shape)] = make(shape)
        return self.known[id(shape)]

    def _message(self, shape: Shape) -> Read:
        fields: dict[str, _Field] = {}
        is_typed = "type" in shape.keywords

        def read(value: Json, known: Json = None) -> Json:
            """Read a message into what is known of it, if another spelling of its name stands there as well."""
            found: dict[str, Json] = known if isinstance(known, dict) else {}
            if type(value) is not dict:
                # Protobuf for Python looks for names in whatever it is given, and finds none in these.
                if value in ([], "") and is_typed:
                    return found
                if not is_typed:
                    return value
                raise Malformed(f"expected an object, got {type(value).__name__}")
            set_here: set[str] = set()
            for key, member in value.items():
                field = fields.get(key)
                if field is not None:
                    _set(found, field, member, set_here, shape.name)
                elif not self.ignore_unknown:
                    raise Malformed(f'Message type "{shape.name or "message"}" has no field named "{key}"')
            return found

        self.known[id(shape)] = read
        fields.update(self._fields(shape))
        return read

    def _fields(self, shape: Shape) -> dict[str, _Field]:
        """Return each field by all its names."""
        exclusive = _exclusive(shape)
        fields = [
            _Field(
                name,
                self.read(inner),
                inner.kind is Kind.ANY,
                inner.kind is Kind.MESSAGE,
                inner.kind in _WITHOUT_PRESENCE and name not in exclusive,
            )
            for name, inner in shape.properties.items()
        ]
        return {snake_case(each.name): each for each in fields} | {each.name: each for each in fields}

    def _map(self, shape: Shape) -> Read:
        def read(value: Json) -> Json:
            if type(value) is not dict:
                raise Malformed(f"Map must be in a dict which is {type(value).__name__}")
            found = {}
            for key, member in value.items():
                try:
                    found[key] = _element(each, member)
                except Malformed as error:
                    raise error.inside(key) from None
            return found

        self.known[id(shape)] = read
        each = self.read(shape.each), shape.each.kind is Kind.ANY
        return read

    def _array(self, shape: Shape) -> Read:
        def read(value: Json) -> Json:
            if type(value) is not list:
                raise Malformed(f"repeated field must be in [] which is {type(value).__name__}")
            found = []
            for index, member in enumerate(value):
                try:
                    found.append(_element(each, member))
                except Malformed as error:
                    raise error.inside(str(index)) from None
            return found

        self.known[id(shape)] = read
        each = self.read(shape.each), shape.each.kind is Kind.ANY
        return read


# What is a message or a list in protobuf: where it stands twice, the second adds to the first, or takes its place.
_WITHOUT_PRESENCE = frozenset({Kind.MESSAGE, Kind.MAP, Kind.LIST, Kind.STRUCT, Kind.ANY, Kind.DURATION})


def _exclusive(shape: Shape) -> frozenset[str]:
    """Return the properties of which at most one may be set: a oneof of protobuf."""
    if shape.keywords.get("maxProperties") == 1:
        return frozenset(shape.properties)
    branches = [branch for part in shape.parts for branch in part.get("oneOf", ()) if isinstance(branch, dict)]
    return frozenset(name for branch in branches for name in branch.get("required", ()))


def _set(found: dict[str, Json], field: _Field, member: Json, set_here: set[str], message: str) -> None:
    """Set a field of a message to what is read in a member; null unsets it."""
    if member is None and not field.keeps_null:
        found.pop(field.name, None)
        return
    if field.name in set_here and not field.may_repeat:
        raise Malformed(f'Message type "{message}" should not have multiple "{field.name}" fields')
    set_here.add(field.name)
    try:
        found[field.name] = field.read(member, found.get(field.name)) if field.is_message else field.read(member)
    except Malformed as error:
        raise error.inside(field.name) from None


def _element(each: tuple[Read, bool], member: Json) -> Json:
    read, keeps_null = each
    if member is None and not keeps_null:
        raise Malformed("null is not allowed to be used as an element in a repeated field or map")
    return read(member)


def _struct(_shape: Shape) -> Read:
    def read(value: Json) -> Json:
        if type(value) is not dict:
            raise Malformed(f"Struct must be in a dict which is {type(value).__name__}")
        return value

    return read


_CAPITAL = re.compile(r"[A-Z]")


def snake_case(name: str) -> str:
    """Return the name of a field in the `.proto` file, from its name in JSON."""
    return _CAPITAL.sub(lambda match: "_" + match[0].lower(), name)
