"""Packs of mutations: values that the same parsers read share a body, since each accepted one creates an object.

Whether a server reads `"5"` for a number depends on its parser, not on what else is in the body. So it takes a pack of what
its parser reads, and refuses one of what it does not; what is in a refused pack is sent alone.

    protobuf and Ajv read    {"size": "5", "parts": [{"size": 1.0}]}    accepted: two probes, one object
    Ajv alone reads          {"name": 7, "is": 1}                       refused, as {"name": 7} and {"is": 1} are then
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openapi.coercion.parsers import is_lenient, parsers
from openapi.json_types import Json, Path
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import with_value
from strategies.case import Aim, Case, Side
from strategies.plan.may_packs import UncertainValue, packed
from strategies.values.place_schema import admits

_LONGEST = 1_000  # characters; a longer text may be refused for its length


@dataclass(frozen=True, slots=True)
class Mutation:
    """One probe: its case, the valid body before it, the JSON text that stands at a path there, and the parsers that read it.

    No parsers where it cannot share a body.
    """

    case: Case
    body: Json
    path: Path
    text: str
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProbePack:
    """Several mutations in one body."""

    mutations: tuple[Mutation, ...]
    case: Case


def readers_of(node: Node, text: str) -> frozenset[str]:
    """Return the standard parsers that read a JSON text at a node: all of them where the description admits it."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except ValueError:
        return frozenset()
    if admits(node, value):
        return frozenset(parsers())
    return frozenset(parser for parser in parsers() if is_lenient(node, value, frozenset({parser})))


def _refuse(literal: str) -> Json:
    raise ValueError(f"{literal} is no JSON")


def probe_packs(oracle: Oracle, mutations: Iterable[Mutation]) -> Iterator[ProbePack]:
    """Yield packs of at least two mutations; those that are in none have to be sent alone."""
    groups = defaultdict[frozenset[str], list[Mutation]](list)
    for each in mutations:
        if each.readers and len(each.text) < _LONGEST:
            groups[each.readers].append(each)
    for group in groups.values():
        yield from _packs(oracle, group)


def _packs(oracle: Oracle, group: Sequence[Mutation]) -> Iterator[ProbePack]:
    numbered = [UncertainValue(f"{index}", each.body, each.path, _aim(each, each.path)) for index, each in enumerate(group)]
    for pack in packed(oracle, numbered):
        if len(pack.values) > 1:
            members = (group[int(value.reason)] for value in pack.values)
            yield _pack(pack.body, dict(zip(pack.paths, members, strict=True)))


def _aim(mutation: Mutation, path: Path) -> Aim:
    return Aim(mutation.case.rule, path, mutation.case.label)


def _pack(body: Json, placed: Mapping[Path, Mutation]) -> ProbePack:
    markers = {path: f"@@raw {number}@@" for number, path in enumerate(placed)}
    for path, marker in markers.items():
        body = with_value(body, path, marker)
    content = json.dumps(body)
    for path, mutation in placed.items():
        content = content.replace(json.dumps(markers[path]), mutation.text)
    aims = tuple(_aim(mutation, path) for path, mutation in placed.items())
    label = f"{len(aims)} probes in one body"
    case = Case(side=Side.PROBE, label=label, aims=aims, raw=content.encode("utf-8", "surrogatepass"), phase="probe")
    return ProbePack(tuple(placed.values()), case)
