"""Echoing sent values in a response: the same value in the server's own spelling."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import ClassVar, TypeAlias

from emulator.durations import styled
from emulator.value_kinds import Kind, Shape, is_unspecified
from emulator.variants import Variant
from openapi.json_types import Json

Render: TypeAlias = Callable[[Json], Json]


def renderer(shape: Shape, variant: Variant) -> Render | None:
    """Return the function by which a variant writes values of a shape; None if it writes them unchanged."""
    return _Compiler(variant).render(shape)


class _Compiler:
    """Compiles each shape once into a function, or None where values are written unchanged."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.known: dict[int, Render | None] = {}

    def render(self, shape: Shape) -> Render | None:
        if id(shape) not in self.known:
            # A recursive shape refers to itself while it is compiled: by then it must have a function.
            self.known[id(shape)] = self._later(shape)
            self.known[id(shape)] = self._compilers[shape.kind](self, shape)
        return self.known[id(shape)]

    def _later(self, shape: Shape) -> Render:
        def render(value: Json) -> Json:
            known = self.known[id(shape)]
            return known(value) if known else value

        return render

    def _scalar(self, _shape: Shape) -> Render | None:
        return None

    def _duration(self, _shape: Shape) -> Render | None:
        return styled(self.variant.durations) if self.variant.durations != "as_sent" else None

    def _float(self, shape: Shape) -> Render | None:
        return single_precision if self.variant.float32 and shape.format == "float" else None

    def _free(self, _shape: Shape) -> Render | None:
        return with_floats if self.variant.ints_as_floats else None

    def _array(self, shape: Shape) -> Render | None:
        each = self.render(shape.each)
        return (lambda value: [each(member) for member in value]) if each else None

    def _map(self, shape: Shape) -> Render | None:
        each = self.render(shape.each)
        return (lambda value: {key: each(member) for key, member in value.items()}) if each else None

    def _message(self, shape: Shape) -> Render | None:
        inner = {name: self.render(member) for name, member in shape.properties.items()}
        changes = [(name, render) for name, render in inner.items() if render]
        omitted = list(self._omitted(shape).items())
        added = self._added(shape)
        if not (changes or omitted or added):
            return None

        def render(value: Json) -> Json:
            if type(value) is not dict:  # a planted fault accepted another value
                return value
            for name, is_left_out in omitted:
                if name in value and is_left_out(value[name]):
                    value = {key: member for key, member in value.items() if key != name}
            # Most values need no change: only those that do are copied.
            written = {**added, **value} if added else value
            for name, change in changes:
                sent = value.get(name)
                if sent is not None and (member := change(sent)) is not sent:
                    written = value.copy() if written is value else written
                    written[name] = member
            return written

        return render

    def _omitted(self, shape: Shape) -> dict[str, Callable[[Json], bool]]:
        """Return, by name, the predicate that decides when a member is left out."""
        found: dict[str, Callable[[Json], bool]] = {}
        for name, member in shape.properties.items():
            has_presence = bool(member.keywords.get("default"))  # else its zero would mean that default
            if self.variant.drop_zero_nested and member.kind in _PLAIN and not has_presence:
                found[name] = _is_zero
            elif self.variant.unspecified_omitted and any(map(is_unspecified, member.members)):
                found[name] = is_unspecified
        return found

    def _added(self, shape: Shape) -> dict[str, Json]:
        """Return the values of members that were not sent."""
        grows = self.variant.extra_response_fields and "maxProperties" not in shape.keywords
        later = {"addedLater": {"since": "v2"}} if grows else {}
        if self.variant.unset_nested == "null":
            return {**later, **dict.fromkeys(shape.properties)}
        if self.variant.unset_nested == "filled":
            return later | {
                name: member.keywords["default"]
                for name, member in shape.properties.items()
                if "default" in member.keywords and member.kind in _PLAIN
            }
        return later

    _compilers: ClassVar[dict[Kind, Callable[[_Compiler, Shape], Render | None]]] = {
        **dict.fromkeys(Kind, _scalar),
        Kind.DURATION: _duration,
        Kind.FLOAT: _float,
        Kind.STRUCT: _free,
        Kind.ANY: _free,
        Kind.LIST: _array,
        Kind.MAP: _map,
        Kind.MESSAGE: _message,
    }


_PLAIN = frozenset({Kind.STRING, Kind.ENUM, Kind.DURATION, Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN})


def _is_zero(value: Json) -> bool:
    return not value or is_unspecified(value)


def single_precision(value: Json) -> Json:
    """Return a number as a 32-bit float holds it."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except (OverflowError, struct.error):
        return value


def with_floats(value: Json) -> Json:
    """Return a free-form value with every number as a float, as `google.protobuf.Struct` holds it."""
    if isinstance(value, dict):
        return {key: with_floats(member) for key, member in value.items()}
    if isinstance(value, list):
        return [with_floats(member) for member in value]
    return float(value) if type(value) is int else value
