"""Reading bodies by the ProtoJSON mapping, as protobuf's `json_format.ParseDict` for Python does.

An unknown key is an error in a message; null means "not set"; names in snake_case, numbers as text and enum
members by number are understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from emulator.parsing.malformed import Malformed
from emulator.parsing.scalars import SCALARS
from emulator.value_kinds import Kind, Shape
from emulator.variants import Variant
from openapi.json_types import Json

Read = Callable[[Json], Json]


def reader(shape: Shape, variant: Variant) -> Read:
    """The reader of a shape."""
    return _Compiler(ignore_unknown=variant.unknown_keys == "ignored").read(shape)


class _Compiler:
    """Turns shapes into functions, each shape once, since shapes may be recursive."""

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
        fields: dict[str, tuple[str, Read, bool]] = {}
        ignore_unknown = self.ignore_unknown
        is_typed = "type" in shape.keywords

        def read(value: Json) -> Json:
            if type(value) is not dict:
                if not is_typed:
                    return value
                raise Malformed(f"expected an object, got {type(value).__name__}")
            found: dict[str, Json] = {}
            for key, member in value.items():
                field = fields.get(key)
                if field is None:
                    if ignore_unknown:
                        continue
                    raise Malformed(f'Message type "{shape.name or "message"}" has no field named "{key}"')
                name, inner, keeps_null = field
                if name in found:
                    raise Malformed(f'Message type "{shape.name}" should not have multiple "{key}" fields')
                if member is not None or keeps_null:
                    try:
                        found[name] = inner(member)
                    except Malformed as error:
                        raise error.inside(name) from None
            return found

        self.known[id(shape)] = read
        fields.update(self._fields(shape))
        return read

    def _fields(self, shape: Shape) -> dict[str, tuple[str, Read, bool]]:
        """Reader of each field by the names it goes by; only a `google.protobuf.Value` holds null."""
        fields = {}
        for name, inner in shape.properties.items():
            fields[snake_case(name)] = (name, self.read(inner), inner.kind is Kind.ANY)
        return fields | {name: (name, self.read(inner), inner.kind is Kind.ANY) for name, inner in shape.properties.items()}

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
    """The name of a field in the `.proto` file, of which the one in JSON is made."""
    return _CAPITAL.sub(lambda match: "_" + match[0].lower(), name)
