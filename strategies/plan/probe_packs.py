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
from dataclasses import dataclass, replace

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
    """One probe: its case, the valid body before it, the JSON text that it puts at a path, and the parsers that read that text.

    No parsers where it cannot share a body.
    """

    case: Case
    body: Json
    text: str = ""
    readers: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        """Return the path in its body where the text stands."""
        return self.case.offending_path or ()


def probe(rule: str, label: str, path: Path, content: str) -> Case:
    """Return the case of a body in its JSON text, which may be no JSON, with something odd at a path."""
    raw = content.encode("utf-8", "surrogatepass")
    return Case(side=Side.PROBE, label=label, rule=rule, raw=raw, offending_path=path, phase="probe")


def with_texts(body: Json, texts: Mapping[Path, str]) -> str:
    """Return the JSON text of a body with other texts at paths in it: `{"a": 1}` with `1e0` at `a` is `{"a": 1e0}`."""
    markers = {path: f"@@raw {number}@@" for number, path in enumerate(texts)}
    for path, marker in markers.items():
        body = with_value(body, path, marker)
    content = json.dumps(body)
    for path, text in texts.items():
        content = content.replace(json.dumps(markers[path]), text)
    return content


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


def probe_packs(oracle: Oracle, mutations: Iterable[Mutation]) -> Iterator[Case]:
    """Yield the cases of packs of at least two mutations, one aim for each; those that are in none have to be sent alone."""
    groups = defaultdict[frozenset[str], list[Mutation]](list)
    for each in mutations:
        if each.readers and len(each.text) < _LONGEST:
            groups[each.readers].append(each)
    for group in groups.values():
        yield from _packs(oracle, group)


def _packs(oracle: Oracle, group: Sequence[Mutation]) -> Iterator[Case]:
    aims = [Aim(each.case.rule, each.path, each.case.label) for each in group]
    values = [UncertainValue(f"{index}", each.body, each.path, aims[index]) for index, each in enumerate(group)]
    for pack in packed(oracle, values):
        if len(pack.values) > 1:
            texts = {path: group[int(value.reason)].text for path, value in zip(pack.paths, pack.values, strict=True)}
            case = probe("", f"{len(texts)} probes in one body", (), with_texts(pack.body, texts))
            yield replace(case, offending_path=None, aims=pack.case.aims)
