"""Members that a response must have and a request need not, added to what is echoed: in objects, items, maps and branches.

    request   lines: [{sku}]            sent      {"lines": [{"sku": "x"}]}
    response  lines: [{sku, number}]    echoed    {"lines": [{"number": 0, "sku": "x"}]}

Of a `oneOf` or `anyOf` the first branch counts that the completed value satisfies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import jsonschema_rs

from emulator.placeholder_values import unsent
from emulator.value_kinds import Kind, Shape, definition, shape_of
from openapi.json_types import Json, Schema


@dataclass(eq=False, slots=True)
class Completion:
    """Completes values of one place: `own` are the members that an object lacks, `inside` and `each` complete what is in it.

    A completion is recursive where the shapes are.
    """

    own: dict[str, Json] = field(default_factory=dict)
    inside: dict[str, Completion] = field(default_factory=dict)
    each: Completion | None = None
    choices: list[_Choice] = field(default_factory=list)

    def added(self, value: Json) -> Json:
        """Return a value with the members that its objects lack; what is of another kind than described stays as it is."""
        if self.each is not None and isinstance(value, list):
            value = [self.each.added(item) for item in value]
        elif self.each is not None and isinstance(value, dict):
            value = {key: self.each.added(member) for key, member in value.items()}
        elif isinstance(value, dict):
            inside = {name: each.added(value[name]) for name, each in self.inside.items() if name in value}
            value = {**self.own, **value, **inside}
        for choice in self.choices:
            value = choice.added(value)
        return value


@dataclass(eq=False, slots=True)
class _Choice:
    """The branches of a `oneOf` or `anyOf`, each with its validator and completion, which are made when they are needed."""

    branches: list[Schema]
    definitions: Schema
    _made: list[tuple[jsonschema_rs.Draft202012Validator, Completion | None]] = field(default_factory=list)

    def added(self, value: Json) -> Json:
        """Return a value completed by the first branch that it satisfies then; as it is where it satisfies none."""
        for index, branch in enumerate(self.branches):
            if index == len(self._made):
                whole = {**branch, "$defs": self.definitions}
                self._made.append((jsonschema_rs.Draft202012Validator(whole), _completion(None, shape_of(whole), {})))
            validator, completion = self._made[index]
            done = value if completion is None else completion.added(value)
            if validator.is_valid(done):
                return done
        return value


def completions(request: Schema, response: Schema) -> dict[str, Completion]:
    """Return, by member of both, the completion of its values; none where nothing can be lacking."""
    known: dict[tuple[int, int], Completion] = {}
    sent, shown = shape_of(request), shape_of(response)
    both = [name for name in shown.properties if name in sent.properties]
    roots = (request.get("$defs", {}), response.get("$defs", {}))
    found = {name: _completion(sent.properties[name], shown.properties[name], known, roots) for name in both}
    return {name: each for name, each in found.items() if each is not None and _adds(each)}


_Roots = tuple[Schema, Schema]


def _completion(
    request: Shape | None, response: Shape, known: dict[tuple[int, int], Completion], roots: _Roots | None = None
) -> Completion | None:
    """Return the completion of a place; None where the kinds of both shapes do not say how values are built.

    Without `request` all that a response requires may be lacking.
    """
    definitions = next((part["$defs"] for part in response.parts if "$defs" in part), {}) if roots is None else roots[1]
    choices = [_Choice(each, definitions) for each in _unions(response) if _differs(each, request, roots)]
    is_built = response.kind in _BUILT and (request is None or request.kind is response.kind)
    if not is_built and not choices:
        return None
    key = id(request), id(response)
    if key in known:
        return known[key]
    found = known[key] = Completion(choices=choices)  # a recursive shape refers to itself while it is read
    if is_built and response.kind in (Kind.MAP, Kind.LIST):
        found.each = _completion(None if request is None else request.each, response.each, known, roots)
    elif is_built:
        for name, shape in response.properties.items():
            sent = None if request is None else request.properties.get(name)
            if name in response.required - (request.required if request is not None else frozenset()):
                found.own[name] = unsent(shape, sent)
            inside = _completion(sent, shape, known, roots) if request is None or sent is not None else None
            found.inside |= {} if inside is None else {name: inside}
    return found


_BUILT = frozenset({Kind.MESSAGE, Kind.MAP, Kind.LIST})


def _unions(shape: Shape) -> Iterator[list[Schema]]:
    """Yield the branches of each `oneOf` and `anyOf` that apply to a value."""
    for part in shape.parts:
        for keyword in ("oneOf", "anyOf"):
            branches: list[Schema] = [each for each in part.get(keyword, ()) if isinstance(each, dict)]
            if branches:
                yield branches


def _differs(branches: list[Schema], request: Shape | None, roots: _Roots | None) -> bool:
    """Return whether branches of a response say something else than those of the request."""
    if request is None or roots is None:
        return True
    return _text(branches, roots[1]) not in [_text(each, roots[0]) for each in _unions(request)]


def _text(branches: list[Schema], definitions: Schema) -> str:
    """Return what branches say, with all that they refer to."""
    texts: dict[str, str] = {}
    waiting: list[tuple[str, Json]] = [("", branches)]
    while waiting:
        name, value = waiting.pop()
        if name not in texts:
            texts[name] = json.dumps(_plain(value), sort_keys=True)
            waiting += [(each, definitions.get(each)) for each in _referred(value)]
    return json.dumps(texts, sort_keys=True)


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if not key.startswith("x-")}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _referred(value: Json) -> Iterator[str]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        yield from _referred(each)
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield definition(value["$ref"])


def _adds(completion: Completion) -> bool:
    """Return whether a completion, or one that can be reached from it, may add a member."""
    waiting, seen = [completion], set[int]()
    while waiting:
        each = waiting.pop()
        if each.own or each.choices:
            return True
        if id(each) not in seen:
            seen.add(id(each))
            waiting += [*each.inside.values(), *([each.each] if each.each is not None else [])]
    return False
