"""Edges: valid responses that differ from an ordinary one in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import jsonschema_rs

from conformance.sdk.response_case import Expectation, ResponseCase
from emulator.testing.script import json_response
from openapi.catalogue import Catalogue
from openapi.json_types import Json, down
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle, rule_id
from openapi.schema.paths import at, merged, with_value, without
from strategies.bodies.builder import Builder
from strategies.negative.violations import violations
from strategies.values.hostile import trouble
from strategies.values.valid import accepted

_FEW = 4  # boundary values of one number
_FEW_INVALID = 3  # violations of one rule


@dataclass(frozen=True, slots=True)
class _Edge:
    """A value at one place of a response, and the keyword that it is an edge of."""

    label: str
    value: Json
    keyword: str = "type"


def edges(catalogue: Catalogue, template: Json) -> Iterator[ResponseCase]:
    """Yield each valid response that differs from the template in one member."""
    oracle = Oracle(catalogue.contract.response, "response", catalogue.response)
    stated, builder = _exchange_rules(catalogue), Builder(oracle)
    for node in catalogue.response.walk():
        if not node.place:
            continue
        for label, keyword, body in _bodies(builder, node, template):
            whole = {"query": {}, "body": {}, "response": body}
            if oracle.is_valid(body) and all(rule.is_valid(whole) for rule in stated):
                response = json_response(catalogue.contract.status, body)
                rule = rule_id("response", node.path, keyword)
                yield ResponseCase("edge", label, Expectation.READ, response, node.path, node.place, rule=rule)


def invalid_responses(catalogue: Catalogue, template: Json) -> Iterator[ResponseCase]:
    """Yield responses that violate one rule of the response's schema each; a client may refuse or read them."""
    oracle = Oracle(catalogue.contract.response, "response", catalogue.response)
    for found in violations(oracle, alone=True):
        seen: set[str] = set()
        for each in found:
            body = _within(template, each.body, each.path, is_absence=each.rule.endswith(".required"))
            if each.label in seen or set(oracle.violated(body)) != {each.rule}:
                continue
            seen.add(each.label)
            response = json_response(catalogue.contract.status, body)
            member = ".".join(map(str, each.path)) or "whole"
            label = f"{each.rule.rpartition('.')[2]}, {each.label}"
            yield ResponseCase("invalid", label, Expectation.ANY, response, member, each.path, rule=each.rule)
            if len(seen) == _FEW_INVALID:
                break


def nil_ids(catalogue: Catalogue, template: Json) -> Iterator[ResponseCase]:
    """Yield responses in which one id is the nil UUID."""
    for name, node in catalogue.response.properties.items():
        if node.get("format") == "uuid" and isinstance(template.get(name), str):
            response = json_response(catalogue.contract.status, {**template, name: str(UUID(int=0))})
            yield ResponseCase("invalid", "nil id", Expectation.ANY, response, name, (name,), rule="response.nil-id")


def _within(template: Json, body: Json, path: tuple[str | int, ...], *, is_absence: bool) -> Json:
    """Return the template with the member of `body` that holds `path`; `path` leads to the object that lacks a member."""
    if not path:
        return {name: value for name, value in template.items() if name in body} if is_absence else body
    return {**template, path[0]: body[path[0]]}


def _exchange_rules(catalogue: Catalogue) -> list[jsonschema_rs.Validator]:
    """Return the rules between request and response that every response must satisfy.

    Rules that a member is null so far are left out: the same type of response shows the object later on.
    """
    rules = [each["then"] for each in catalogue.contract.extensions.get("x-exchange-rules", ()) if not each.get("when")]
    return [jsonschema_rs.Draft202012Validator(then) for then in rules if "'null'" not in str(then)]


def _bodies(builder: Builder, node: Node, template: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield label, keyword and response for each edge of a member."""
    present = None
    if "*" not in node.place:
        try:
            present = down(template, node.place)
        except (LookupError, TypeError):
            pass
        else:
            if not node.demanded:
                yield "absent", "type", without(template, node.place)
    if node.admits_null and not node.is_free:
        yield "null", "type", _with(builder, node, template, None)
    for edge in _values(node, present):
        yield edge.label, edge.keyword, _with(builder, node, template, edge.value)


def _with(builder: Builder, node: Node, template: Json, value: Json) -> Json:
    """Return the template with a value at a node's place, and with as much around it as the description requires."""
    if "*" not in node.place and (len(node.place) == 1 or isinstance(at(template, node.place[:-1]), dict)):
        return with_value(template, node.place, value)
    built = builder.around(node, value)
    if built is None:
        return None
    body, path = built
    name = path[0]
    both = {**template, name: merged(template.get(name), body[name])}
    return both if at(both, path) == value and builder.oracle.is_valid(both) else {**template, name: body[name]}


def _values(node: Node, present: Json) -> Iterator[_Edge]:
    edges = next((edges for applies, edges in _EDGES if applies(node, present)), None)
    return iter(()) if edges is None else edges(node)


def _members(node: Node) -> Iterator[_Edge]:
    yield from (_Edge(f"member {member}", member, "enum") for member in node.get("enum") if member is not None)


def _numbers(node: Node) -> Iterator[_Edge]:
    yield from (_Edge(each.label, each.value, each.keyword) for each in accepted(node)[:_FEW])


def _labelled(values: Mapping[str, Json], *keyword: str) -> Iterator[_Edge]:
    yield from (_Edge(label, value, *keyword) for label, value in values.items())


def _is_duration(node: Node, present: Json) -> bool:
    samples = [present] if isinstance(present, str) else [each.value for each in accepted(node)] if node.get("pattern") else []
    return any(isinstance(each, str) and _DURATION.fullmatch(each) for each in samples)


def _texts() -> dict[str, str]:
    return {"empty": "", "text in all scripts": trouble()["texts"]["everything"]}


def _contents(node: Node) -> Iterator[_Edge]:
    yield _Edge("empty", {})
    yield _Edge("many keys", dict.fromkeys(trouble()["keys"], "value"))
    if not node.is_map:
        yield from (_Edge(f"free content {label}", value) for label, value in trouble()["free"].items())


MOMENTS = {
    "whole second": "2025-04-01T12:00:00Z",
    "nanoseconds": "2025-04-01T12:00:00.123456789Z",
    "microseconds": "2025-04-01T12:00:00.000001Z",
    "offset": "2025-04-01T12:00:00.5+05:30",
    "negative offset": "2025-03-31T23:59:59-08:00",
    "leap second": "2016-12-31T23:59:60Z",
    "leap day": "2024-02-29T00:00:00Z",
    "far future": "9999-12-31T23:59:59Z",
}
DURATIONS = {"zero": "0s", "nanosecond": "0.000000001s", "longest": "315576000000s", "three digits": "1.500s"}
_DURATION = re.compile(r"-?\d+(\.\d+)?s", re.ASCII)

# The values of the first kind that a member is of.
_EDGES: tuple[tuple[Callable[[Node, Json], bool], Callable[[Node], Iterator[_Edge]]], ...] = (
    (lambda node, _: node.get("enum") is not None, _members),
    (lambda node, _: node.get("format") == "date-time", lambda _: _labelled(MOMENTS, "format")),
    (_is_duration, lambda _: _labelled(DURATIONS, "pattern")),
    (lambda node, _: bool(node.types & {"integer", "number"}), _numbers),
    (lambda node, _: node.types == {"boolean"}, lambda _: _labelled({"true": True, "false": False})),
    (lambda node, _: node.is_map or node.is_open or node.is_free, _contents),
    (lambda node, _: node.is_array, lambda _: _labelled({"empty": []})),
    (lambda node, _: node.types == {"string"}, lambda _: _labelled(_texts())),
    (lambda node, _: node.is_object, lambda _: _labelled({"empty": {}})),
)
