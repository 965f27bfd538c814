"""Faults in responses: each rule of the response schema violated where the response has a value for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from emulator.fault import Body, Fault
from emulator.faults.generated.found import Equivalent
from emulator.faults.generated.request_schema import Found, is_documented, literal
from emulator.messages import Exchange
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.schema.keywords import makes_rule
from openapi.schema.nodes import Constraint, Node, tree
from openapi.schema.oracle import rule_id

LOST = object()  # stands for an absent member
Change = Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """A change that makes a value of the response invalid."""

    slug: str
    what: str
    change: Change


def shapes(contract: Contract) -> Iterator[Found]:
    """Yield a fault for each documented rule of the response."""
    root = tree(contract.response)
    for node in root.walk():
        for constraint in node.constraints:
            if node.place and is_documented(constraint) and makes_rule(constraint.keyword, constraint.value):
                for invalid in _WRONG.get(constraint.keyword, _none)(node, constraint.value):
                    yield _fault(contract, node, constraint.keyword, invalid)
        for part in node.parts:
            about = part.schema.get("x-rules", {}).get("required", {})
            for name in part.schema.get("required", ()):
                if name in node.properties and is_documented(Constraint("required", name, part.pointer, about)):
                    yield _fault(
                        contract,
                        node.properties[name],
                        "required",
                        InvalidValue("lost", "is missing", lambda _v: LOST),
                    )


def _fault(contract: Contract, node: Node, keyword: str, invalid: InvalidValue) -> Found:
    rule = rule_id("response", node.path, keyword)
    if not _is_shown(contract, node):
        return Equivalent(name=f"{rule}:{invalid.slug}", reason="no request that is sent makes the response hold this field")
    return Fault(
        name=f"{rule}:{invalid.slug}",
        family="response",
        summary=f"{node.path} of the response {invalid.what}",
        expects=(literal(rule), f"response.{node.path}.*", *alongside(contract, node.place)),
        response=at_place(node.place, invalid.change),
    )


def _is_shown(contract: Contract, node: Node) -> bool:
    """Return whether the server makes the member itself, or a request can set it."""
    sent = tree(contract.request).properties.get(node.place[0])
    above = sent
    for step in node.place[1:]:
        above = above and (above.properties.get(step) or (above.each if step == "*" else None))
        if sent is not None and (above is None or above.get("x-hazard")):
            return False
    return len(node.place) == 1 or sent is not None


def alongside(contract: Contract, place: tuple[str, ...]) -> list[str]:
    """Return the rules beside those of its shape that an invalid value in the response violates."""
    nested = [".".join(place[: size + 1]) for size in range(len(place))]
    rules = [f"body.{path}.{keyword}" for path in nested for keyword in ("echo", "default")]
    rules += [f"response.{path}.{keyword}" for path in nested for keyword in ("default", "required")]
    # An object that loses its only member is invalid as a whole.
    rules += [f"response.{path}.{keyword}" for path in nested[:-1] for keyword in ("minProperties", "oneOf")]
    stated = [
        f"response.{each['id']}"
        for each in contract.extensions.get("x-exchange-rules", ())
        if place[0] in _names(each.get("then", {})) or place[0] in each.get("equal", {}).get("response", "").split("/")
    ]
    return [*rules, *stated, f"state.{place[0]}.*", "state.parent-chain"]


def _names(then: Json) -> Json:
    return then.get("properties", {}).get("response", {}).get("properties", {})


def at_place(place: tuple[str, ...], change: Change) -> Callable[[Exchange, Body], Body]:
    """Return the seam that changes the response at every path of a place that has a value."""

    def hook(_exchange: Exchange, response: Body) -> Body:
        alter(response, place, change)
        return response

    return hook


def alter(value: Json, place: tuple[str, ...], change: Change) -> None:
    """Change a value, without a copy, at every path of a place."""
    step, rest = place[0], place[1:]
    for key in _keys(value, step):
        if rest:
            alter(value[key], rest, change)
            continue
        changed = change(value[key])
        if changed is LOST:
            del value[key]
        else:
            value[key] = changed


def _keys(value: Json, step: str) -> list[Json]:
    if isinstance(value, list):
        return list(range(len(value))) if step == "*" else []
    if not isinstance(value, dict):
        return []
    return list(value) if step == "*" and step not in value else [step] if step in value else []


_KINDS: dict[str, tuple[str, Json]] = {
    "string": ("text", "conformance"),
    "number": ("number", 7.25),
    "boolean": ("boolean", True),
    "array": ("list", ["conformance"]),
    "object": ("object", {"conformance": 1}),
}


def _types(node: Node, value: Json) -> Iterator[InvalidValue]:
    if node.is_free:
        return
    admitted = {"number" if each == "integer" else each for each in ([value] if isinstance(value, str) else value)}
    for kind, (word, invalid) in _KINDS.items():
        if kind not in admitted:
            yield InvalidValue(f"a-{word}", f"is a {word}", lambda _v, invalid=invalid: invalid)  # type: ignore[misc]
    if "number" in admitted and node.types == {"integer"}:
        yield InvalidValue("a-fraction", "is a fraction", lambda _v: 0.5)
    if not node.admits_null and len(node.place) == 1:
        yield InvalidValue("null", "is null", lambda _v: None)


def _fixed(*invalid_values: tuple[str, str, Json]) -> Callable[[Node, Json], Iterator[InvalidValue]]:
    return lambda _node, _value: (InvalidValue(s, w, lambda _v, value=value: value) for s, w, value in invalid_values)  # type: ignore[misc]


def _formats(node: Node, value: Json) -> Iterator[InvalidValue]:
    yield from _FORMATS[value](node, value) if value in _FORMATS else ()


_FORMATS = {
    "uuid": _fixed(("a-word", "is a word", "word"), ("short", "is cut", "3c90c3cc-0d44-4b50-8888")),
    "date-time": _fixed(
        ("a-date", "is a date alone", "2025-04-01"),
        ("no-zone", "has no time zone", "2025-04-01T12:00:00"),
        ("a-blank", "has a blank for the T and no zone", "2025-04-01 12:00:00"),
    ),
    "int32": _fixed(("33-bits", "does not fit 32 bits", 2**31)),
}


def _bounds(step: int) -> Callable[[Node, Json], Iterator[InvalidValue]]:
    return lambda _node, value: iter([InvalidValue("beyond", f"is {value + step}", lambda _v: value + step)])


def _max_length(_node: Node, value: Json) -> Iterator[InvalidValue]:
    yield InvalidValue("longer", f"has {value + 1} characters", lambda _v: "x" * (value + 1))


def _one_of(_node: Node, branches: Json) -> Iterator[InvalidValue]:
    names = [name for branch in branches for name in branch.get("required", ())]
    yield InvalidValue("all", "has all of them", lambda v: {**{name: {} for name in names}, **v} if isinstance(v, dict) else v)
    yield InvalidValue("none", "has none of them", lambda _v: {})


def _max_properties(node: Node, value: Json) -> Iterator[InvalidValue]:
    names = list(node.properties)[: value + 1]
    yield InvalidValue(
        "more", "has more members", lambda v: {**{name: {} for name in names}, **v} if isinstance(v, dict) else v
    )


def _none(_node: Node, _value: Json) -> Iterator[InvalidValue]:
    return iter(())


_WRONG: dict[str, Callable[[Node, Json], Iterator[InvalidValue]]] = {
    "type": _types,
    "enum": _fixed(("invented", "is an invented member", "CONFORMANCE_OTHER"), ("empty", "is empty", "")),
    "pattern": _fixed(("a-word", "is a word", "word"), ("a-number-in-text", "is a number as text", "30")),
    "format": _formats,
    "minimum": _bounds(-1),
    "maximum": _bounds(+1),
    "maxLength": _max_length,
    "oneOf": _one_of,
    "minProperties": _fixed(("none", "is empty", {})),
    "maxProperties": _max_properties,
}
