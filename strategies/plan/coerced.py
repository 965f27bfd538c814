"""Values that some standard parser coerces, sent to see what becomes of them: no documented rule is judged on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from openapi.coercion.parsers import coerced_at, kinds_of
from openapi.schema.nodes import Node
from strategies.bodies.builder import Builder
from strategies.negative.violations import is_hazard
from strategies.plan.plan import Plan
from strategies.plan.probe_packs import Mutation, probe, readers_of, with_texts
from strategies.values.minimal import simplest
from strategies.values.place_schema import admits

RULE = "observed.value-coerced"


def coerced(plan: Plan, count: int) -> Iterator[Mutation]:
    """Yield up to `count` values that a parser coerces, for each kind of member, at one field of the kind."""
    builder, met = Builder(plan.oracle), set[str]()
    for node in plan.oracle.root.walk():
        fresh = set(kinds_of(node)) - met
        if node.place and fresh and not is_hazard(plan.oracle.root, node):
            made = list(islice(_mutations(plan, builder, node, count), count))
            met |= fresh if made else set()
            yield from made


def _mutations(plan: Plan, builder: Builder, node: Node, count: int) -> Iterator[Mutation]:
    built = builder.around(node, simplest(node))
    found = coerced_at(node, plan.reads) if built is not None else ()
    # Null has a mutator of its own.
    values = [value for value in found if value is not None and not admits(node, value)]
    step = max(len(values) // max(count, 1), 1)
    for value in values[step // 2 :: step]:
        assert built is not None
        body, path = built
        text = json.dumps(value)
        label = f"{node.path} = {text[:40]}"
        yield Mutation(probe(RULE, label, path, with_texts(body, {path: text})), body, text, readers_of(node, text))
