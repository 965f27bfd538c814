"""Repairs of what Schemathesis generates: its valid requests are valid then, and its invalid ones so for the stated reason.

It knows the description, and how protobuf's JSON is read, and nothing of faults. The description cannot say everything to the
tool: names of tools are unique, for example. Such a parser takes some values in spite of their type. Both are repaired here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

import jsonschema_rs

from benchmarks.detection.peer_description import group_of
from emulator.parsing import Malformed, reader
from emulator.parsing.canonical import canonical_schema
from emulator.value_kinds import Kind, Shape, shape_of
from emulator.variants import Variant
from openapi.contract import Contract
from openapi.json_types import Json

_READ_GENEROUSLY = frozenset({Kind.ENUM, Kind.INTEGER, Kind.FLOAT, Kind.DURATION})
_TEXTS = ("", "a", "30s")  # one of them satisfies every pattern of the request
_EVERY = 4  # of so many requests that name a parent call, one keeps it


class Repairs:
    """The repairs of requests under a contract; it remembers the calls that there are."""

    def __init__(self, contract: Contract) -> None:
        self._values = _Values(shape_of(contract.request))
        self._calls: dict[str, None] = {}
        self._named = 0

    def body(self, body: dict[str, Json]) -> dict[str, Json]:
        """Return the body, repaired."""
        repaired: dict[str, Json] = self._values.repaired(body)
        tools = repaired.get("selectedTools")
        if isinstance(tools, list):
            repaired["selectedTools"] = [_covered(each) for each in _named(tools)]
        return repaired

    def query(self, query: dict[str, Any], body: Json) -> dict[str, Any]:
        """Return the query with an existing parent call, or none, in place of an id that names no call.

        What is no id is kept.
        """
        parent = query.get("priorCallId")
        if not _is_id(parent):
            return query
        rest = {name: value for name, value in query.items() if name != "priorCallId"}
        self._named += 1
        # What has been said is that of the parent call: a body that says otherwise is refused.
        if not self._calls or self._named % _EVERY or (isinstance(body, dict) and "initialMessages" in body):
            return rest
        return {**rest, "priorCallId": parent if parent in self._calls else next(iter(self._calls))}

    def created(self, identifier: object) -> None:
        """There is a call of this id from now on, if it is an id."""
        if isinstance(identifier, str) and _is_id(identifier):
            self._calls[identifier] = None

    def deleted(self, identifiers: Iterable[object]) -> None:
        """These are no longer calls."""
        for identifier in identifiers:
            self._calls.pop(str(identifier), None)


class _Values:
    """Values of one shape: the smallest valid one, and how others are repaired."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._inside: dict[int, _Values] = {}

    def repaired(self, value: Json) -> Json:
        """Return the value with its own fault, if it has one, and no other."""
        if self.shape.kind is Kind.MESSAGE and isinstance(value, dict):
            return self._message(value)
        if self.shape.kind is Kind.MAP and isinstance(value, dict):
            return {name: self._of(self.shape.each).repaired(member) for name, member in value.items()}
        if self.shape.kind is Kind.LIST and isinstance(value, list):
            return [self._of(self.shape.each).repaired(each) for each in value]
        if self.shape.kind in _READ_GENEROUSLY and not self.fits(value) and self._is_read(value):
            return self.smallest
        return value

    def fits(self, value: Json) -> bool:
        """Return whether the value is of the right type, all of it."""
        return self._canonical.is_valid(value)

    @property
    def smallest(self) -> Json:
        """Return a valid value with nothing in it that need not be."""
        keywords = self.shape.keywords
        if self.shape.kind is Kind.MESSAGE:
            some = group_of(keywords)[:1] if "oneOf" in keywords or keywords.get("minProperties") else []
            needed = self.shape.required.union(some)
            return {name: self._of(inner).smallest for name, inner in self.shape.properties.items() if name in needed}
        if self.shape.kind in (Kind.INTEGER, Kind.FLOAT):
            return keywords.get("default", max(0, keywords.get("minimum", 0)))
        if self.shape.kind in (Kind.STRING, Kind.DURATION):
            fitting = jsonschema_rs.Draft202012Validator({"pattern": keywords.get("pattern", "")})
            return next(text for text in _TEXTS if fitting.is_valid(text))
        return self.shape.members[0] if self.shape.kind is Kind.ENUM else _EMPTY[self.shape.kind]()

    def _message(self, value: dict[str, Json]) -> dict[str, Json]:
        repaired = {name: self._member(name, member) for name, member in value.items()}
        several = [name for name in group_of(self.shape.keywords) if name in repaired]
        for name in several if len(several) > 1 else ():
            # That there are two is the fault: each of them is as it should be.
            member = self._of(self.shape.properties[name])
            if not repaired[name] or not member.fits(repaired[name]):
                repaired[name] = member.smallest
        return repaired

    def _member(self, name: str, member: Json) -> Json:
        shape = self.shape.properties.get(name)
        if shape is None:
            return member
        # Protobuf's JSON takes null for "not set", and the documentation does not say what it is.
        return self._of(shape).smallest if member is None and shape.kind is not Kind.ANY else self._of(shape).repaired(member)

    def _of(self, shape: Shape) -> _Values:
        return self._inside.setdefault(id(shape), _Values(shape))

    def _is_read(self, value: Json) -> bool:
        try:
            self._read(value)
        except Malformed:
            return False
        return True

    @cached_property
    def _canonical(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(canonical_schema(self.shape))

    @cached_property
    def _read(self) -> Any:
        return reader(self.shape, Variant())


_EMPTY: dict[Kind, Callable[[], Json]] = {
    Kind.BOOLEAN: bool,
    Kind.LIST: list,
    Kind.MAP: dict,
    Kind.STRUCT: dict,
    Kind.ANY: dict,
}


def _named(tools: list[Json]) -> list[Json]:
    """Return the tools, each under a name of its own."""
    found, names = [], set()
    for number, tool in enumerate(tools):
        name = _name(tool)
        if isinstance(name, str):
            tool = {**tool, "nameOverride": f"tool-{number}"} if name in names else tool
            names.add(name)
        found.append(tool)
    return found


def _name(tool: Json) -> Json:
    if not isinstance(tool, dict):
        return None
    if "nameOverride" in tool:
        return tool["nameOverride"]
    return _inside(tool, "temporaryTool").get("modelToolName", tool.get("toolName"))


def _covered(tool: Json) -> Json:
    """Return a tool with a value for each parameter that has to have one."""
    if not isinstance(tool, dict):
        return tool
    names = _inside(_inside(tool, "temporaryTool"), "requirements").get("requiredParameterOverrides")
    given = tool.get("parameterOverrides", {})
    if not isinstance(names, list) or not isinstance(given, dict):
        return tool
    missing = [name for name in names if isinstance(name, str) and name not in given]
    return {**tool, "parameterOverrides": {**given, **dict.fromkeys(missing, "")}} if missing else tool


def _inside(value: dict[str, Json], name: str) -> dict[str, Json]:
    member = value.get(name)
    return member if isinstance(member, dict) else {}


def _is_id(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        UUID(value)
    except ValueError:
        return False
    return True
