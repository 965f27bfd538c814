"""The schema of canonical bodies: every reader leaves a body that satisfies it unchanged.

Nearly every body does, and a validator is many times faster than a reader in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from emulator.parsing.joining import each_reported, joined, left
from emulator.parsing.scalars import LARGEST
from emulator.value_kinds import Kind, Shape
from openapi.json_types import Json

Schema = dict[str, Json]


def canonical_schema(shape: Shape, reported: Shape | None = None) -> Schema:
    """Return the schema of values that every reader leaves unchanged: no unknown key, no null, no conversion.

    With `reported`, the shape of a further schema for the same values, both apply.
    """
    writer = _Writer()
    return {**writer.schema(shape, reported), "$defs": writer.definitions}


class _Writer:
    """Writes each shape at its first occurrence, which saves the validator a step, and a reference at all others."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._known: dict[str, Schema] = {}

    def schema(self, shape: Shape, reported: Shape | None) -> Schema:
        if shape.kind not in (Kind.MESSAGE, Kind.MAP, Kind.LIST):
            return self._written(shape, reported)
        name = f"{id(shape):x}-{id(reported):x}"
        if name in self._known:
            self.definitions[name] = self._known[name]
            return {"$ref": f"#/$defs/{name}"}
        # A recursive shape refers to itself while it is written.
        known = self._known[name] = {}
        known.update(self._written(shape, reported))
        return known

    def _written(self, shape: Shape, reported: Shape | None) -> Schema:
        own = self._schemas[shape.kind](self, shape, reported)
        return joined(own, [left(part, own, shape, reported) for part in reported.parts]) if reported else own

    def _message(self, shape: Shape, reported: Shape | None) -> Schema:
        alongside = reported.properties if reported else {}
        properties = {name: self.schema(member, alongside.get(name)) for name, member in shape.properties.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def _map(self, shape: Shape, reported: Shape | None) -> Schema:
        return {"type": "object", "additionalProperties": self.schema(shape.each, each_reported(shape, reported))}

    def _array(self, shape: Shape, reported: Shape | None) -> Schema:
        return {"type": "array", "items": self.schema(shape.each, each_reported(shape, reported))}

    def _enum(self, shape: Shape, _reported: Shape | None) -> Schema:
        return {"enum": list(shape.members)}

    def _duration(self, shape: Shape, _reported: Shape | None) -> Schema:
        # A pattern admits more seconds than protobuf does.
        return {"type": "string", "pattern": shape.keywords["pattern"], "not": {"pattern": r"^\D?\d{12}"}}

    def _integer(self, shape: Shape, _reported: Shape | None) -> Schema:
        limit = 2**31 if shape.format == "int32" else 2**63
        return {"type": "integer", "minimum": -limit, "maximum": limit - 1}

    def _float(self, shape: Shape, _reported: Shape | None) -> Schema:
        largest = LARGEST.get(shape.format)
        return {"type": "number", "minimum": -largest, "maximum": largest} if largest else {"type": "number"}

    _schemas: ClassVar[dict[Kind, Callable[[_Writer, Shape, Shape | None], Schema]]] = {
        Kind.MESSAGE: _message,
        Kind.MAP: _map,
        Kind.LIST: _array,
        Kind.ENUM: _enum,
        Kind.DURATION: _duration,
        Kind.INTEGER: _integer,
        Kind.FLOAT: _float,
        Kind.STRING: lambda *_: {"type": "string"},
        Kind.BOOLEAN: lambda *_: {"type": "boolean"},
        Kind.STRUCT: lambda *_: {"type": "object"},
        Kind.ANY: lambda *_: {},
    }
