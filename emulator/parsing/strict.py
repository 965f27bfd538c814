"""Reading bodies by their JSON types: no value is converted, and unknown keys are ignored or refused."""

from __future__ import annotations

from collections.abc import Callable

from emulator.parsing.malformed import Malformed
from emulator.value_kinds import Kind, Shape
from emulator.variants import Variant
from openapi.json_types import Json

Read = Callable[[Json], Json]


def reader(shape: Shape, variant: Variant) -> Read:
    """Return the reader of a shape: it drops or refuses unknown keys of messages, and leaves the rest to the validator.

    The reader raises Malformed for what it refuses.
    """
    read = _Compiler(refuse_unknown=variant.unknown_keys == "refused").read(shape) or (lambda value: value)

    def body(value: Json) -> Json:
        if shape.kind is Kind.MESSAGE and type(value) is not dict:
            raise Malformed(f"expected an object, got {type(value).__name__}")
        return read(value)

    return body


class _Compiler:
    """Compiles each shape once into a function, or None where values stay unchanged."""

    def __init__(self, *, refuse_unknown: bool) -> None:
        self.refuse_unknown = refuse_unknown
        self.known: dict[int, Read | None] = {}

    def read(self, shape: Shape) -> Read | None:
        if id(shape) not in self.known:
            compilers = {Kind.MESSAGE: self._message, Kind.MAP: self._map, Kind.LIST: self._array}
            make = compilers.get(shape.kind)
            self.known[id(shape)] = make(shape) if make else None
        return self.known[id(shape)]

    def _message(self, shape: Shape) -> Read:
        fields: dict[str, Read | None] = {}

        def read(value: Json) -> Json:
            if type(value) is not dict:
                return value
            found = {}
            for key, member in value.items():
                if key in fields:
                    inner = fields[key]
                    found[key] = inner(member) if inner else member
                elif self.refuse_unknown:
                    raise Malformed(f'"{shape.name or "message"}" has no field named "{key}"')
            return found

        self.known[id(shape)] = read
        fields.update({name: self.read(inner) for name, inner in shape.properties.items()})
        return read

    def _map(self, shape: Shape) -> Read | None:
        def read(value: Json) -> Json:
            if type(value) is not dict or each is None:
                return value
            return {key: each(member) for key, member in value.items()}

        self.known[id(shape)] = read
        each = self.read(shape.each)
        return read

    def _array(self, shape: Shape) -> Read | None:
        def read(value: Json) -> Json:
            if type(value) is not list or each is None:
                return value
            return [each(member) for member in value]

        self.known[id(shape)] = read
        each = self.read(shape.each)
        return read
