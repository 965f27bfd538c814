"""The canonical form of a body as a schema: what satisfies it is read as it is, in every way of reading.

Nearly every body does, and a validator finds out many times faster than Python reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from emulator.parsing.scalars import LARGEST
from emulator.shapes import Kind, Shape
from openapi.json_types import Json

Schema = dict[str, Json]


def canonical_schema(shape: Shape) -> Schema:
    """The schema of values that every reader leaves alone: no unknown key, no null, no conversion."""
    writer = _Writer()
    return {**writer.reference(shape), "$defs": writer.definitions}


class _Writer:
    """Writes each shape as a definition, since shapes may be recursive."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def reference(self, shape: Shape) -> Schema:
        name = f"{id(shape):x}"
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name].update(self._schemas[shape.kind](self, shape))
        return {"$ref": f"#/$defs/{name}"}

    def _inner(self, shape: Shape) -> Schema:
        """The schema of a scalar in place, or else a reference: fewer steps for the validator."""
        if shape.kind in (Kind.MESSAGE, Kind.MAP, Kind.LIST):
            return self.reference(shape)
        return self._schemas[shape.kind](self, shape)

    def _message(self, shape: Shape) -> Schema:
        properties = {name: self._inner(member) for name, member in shape.properties.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def _map(self, shape: Shape) -> Schema:
        return {"type": "object", "additionalProperties": self._inner(shape.each)}

    def _list(self, shape: Shape) -> Schema:
        return {"type": "array", "items": self._inner(shape.each)}

    def _enum(self, shape: Shape) -> Schema:
        return {"enum": list(shape.members)}

    def _duration(self, shape: Shape) -> Schema:
        return {"type": "string", "pattern": shape.keywords["pattern"]}

    def _integer(self, shape: Shape) -> Schema:
        limit = 2**31 if shape.format == "int32" else 2**63
        return {"type": "integer", "minimum": -limit, "maximum": limit - 1}

    def _float(self, shape: Shape) -> Schema:
        largest = LARGEST.get(shape.format)
        return {"type": "number", "minimum": -largest, "maximum": largest} if largest else {"type": "number"}

    _schemas: ClassVar[dict[Kind, Callable[[_Writer, Shape], Schema]]] = {
        Kind.MESSAGE: _message,
        Kind.MAP: _map,
        Kind.LIST: _list,
        Kind.ENUM: _enum,
        Kind.DURATION: _duration,
        Kind.INTEGER: _integer,
        Kind.FLOAT: _float,
        Kind.STRING: lambda _, __: {"type": "string"},
        Kind.BOOLEAN: lambda _, __: {"type": "boolean"},
        Kind.STRUCT: lambda _, __: {"type": "object"},
        Kind.ANY: lambda _, __: {},
    }
