"""Intended calls: for each member the values that clients lose, each in the smallest valid call that carries it.

The values come from the catalogue, as those of a run do: falsy values, boundaries, durations, strings in all scripts, keys,
nested structures. Each call has an id from its content, so another rule does not rename it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from openapi.catalogue import Catalogue
from openapi.contract import Parameter
from openapi.json_types import Json, Path, everything
from openapi.schema.nodes import Node, tree
from strategies.bodies.builder import Builder
from strategies.negative.violations import is_hazard
from strategies.plan.plan import Plan
from strategies.values.hostile import trouble
from strategies.values.minimal import legal_keys
from strategies.values.place_schema import admits
from strategies.values.valid import accepted

_FEW = 8  # values of one member, besides the falsy ones and all members of an enum
_KEYS = 24  # keys of one map
_RICH = 24  # bodies with as many members as go together
_LARGEST_INTEGER = 2**53 - 1  # RFC 8259, section 6: what all implementations agree on
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class IntendedCall:
    """A call that a caller has in mind, aiming at one member: `member` is its place, `path` leads to its value in the body.

    Query parameters are aimed at with an empty path and a place of `?name`; a call that aims at no member has no place.
    """

    label: str
    member: str = ""
    path: Path = ()
    body: Mapping[str, Json] = field(default_factory=dict)
    query: Mapping[str, Json] = field(default_factory=dict)
    linger: float = 0

    @property
    def id(self) -> str:
        """Return a name for people and for `--select`, from member and content; not from ids that the server makes up."""
        content = json.dumps([self.label, sorted(self.query), self.body], sort_keys=True)
        return f"call/{self.member or 'whole'}/{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def intended_calls(catalogue: Catalogue, parent: str | None, plan: Plan | None = None) -> list[IntendedCall]:
    """Return all intended calls, no two equal; `parent` identifies a call that exists, for the parameter that names one."""
    plan = plan or Plan(catalogue)
    found: dict[str, IntendedCall] = {}
    for call in (
        IntendedCall("nothing set"),
        *_query_calls(catalogue, parent),
        *_member_calls(plan),
        *_rich_calls(plan),
    ):
        if is_portable(call.body):
            found.setdefault(call.id, call)
    return list(found.values())


def is_portable(value: Json) -> bool:
    """Return whether every JSON implementation reads the same value: no large integer, no lone surrogate."""
    for _, each in everything(value):
        if isinstance(each, int) and abs(each) > _LARGEST_INTEGER:
            return False
        texts = each.keys() if isinstance(each, dict) else [each] if isinstance(each, str) else []
        if any(_SURROGATE.search(text) for text in texts):
            return False
    return True


def _query_calls(catalogue: Catalogue, parent: str | None) -> Iterator[IntendedCall]:
    """Yield each query parameter with its values, with and without a body."""
    [*bodies] = islice(_named_bodies(catalogue), 1)
    for parameter in catalogue.contract.parameters:
        for label, value in _parameter_values(catalogue, parameter, parent):
            query = {parameter.name: value}
            for body in ({}, *bodies):
                yield IntendedCall(f"{parameter.name}={label}", f"?{parameter.name}", body=body, query=query)


def _named_bodies(catalogue: Catalogue) -> Iterator[dict[str, Json]]:
    builder = Builder(Plan(catalogue).oracle)
    for node in catalogue.body.properties.values():
        values = [value.value for value in _leaf_values(node)]
        built = builder.around(node, values[0]) if values else None
        if built is not None:
            yield built[0]


def _parameter_values(catalogue: Catalogue, parameter: Parameter, parent: str | None) -> list[tuple[str, Json]]:
    if catalogue.contract.extensions.get("x-parent-call", {}).get("parameter") == parameter.name:
        return [("a call that exists", parent)] if parent else []
    return [(json.dumps(value.value), value.value) for value in accepted(tree(parameter.schema)) if value.must][:_FEW]


def _member_calls(plan: Plan) -> Iterator[IntendedCall]:
    """Yield each value of each member in the smallest body around it."""
    builder = Builder(plan.oracle)
    for node in plan.oracle.root.walk():
        if not node.place or is_hazard(plan.oracle.root, node):
            continue
        for label, value in _values(node):
            built = builder.around(node, value)
            if built is not None:
                yield IntendedCall(f"{node.path}: {label}", node.path, built[1], body=built[0])


def _values(node: Node) -> Iterator[tuple[str, Json]]:
    if node.is_map:
        yield from _maps(node)
    elif node.is_object or node.each is not None:
        empty: Json = [] if node.is_array else {}
        if admits(node, empty):
            yield "empty", empty
    else:
        yield from ((value.label, value.value) for value in _leaf_values(node))


def _maps(node: Node) -> Iterator[tuple[str, Json]]:
    yield "empty", {}
    value = next((each.value for each in accepted(node.each) if each.must), None) if node.each is not None else None
    for key in [*legal_keys(node)[:1], *trouble()["keys"]][:_KEYS]:
        if value is not None and admits(node, {key: value}):
            yield f"key {key[:20]!r}", {key: value}


@dataclass(frozen=True)
class _Leaf:
    label: str
    value: Json


def _leaf_values(node: Node) -> list[_Leaf]:
    """Return the values that clients lose most: falsy ones, then the first and the last ones of the table, all of an enum.

    Where a server may refuse any value, such as an id that may not exist, one still shows what arrives.
    """
    sure = [each for each in accepted(node) if each.must] or accepted(node)[:1]
    values = [_Leaf(each.label, each.value) for each in sure]
    if node.get("enum") is not None:
        return values
    falsy = [each for each in values if not each.value]
    others = [each for each in values if each.value]
    half = _FEW // 2
    return [*falsy, *others[:half], *others[half:][-half:]]


def _rich_calls(plan: Plan) -> Iterator[IntendedCall]:
    """Yield bodies with many members each."""
    rich: Iterable[Json] = (case.body for case in plan.accepts() if isinstance(case.body, dict))
    for number, body in enumerate(islice(rich, _RICH), 1):
        yield IntendedCall(f"many members, {number}", body=body)
