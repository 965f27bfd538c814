"""Texts of the values of single fields: valid ones, packs of them, and violations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from openapi.schema.nodes import Node
from strategies.coverage.packing import packer
from strategies.negative.violations import violations
from strategies.values.fragments import satisfying, violating
from strategies.values.minimal import elements, legal_keys, simplest
from strategies.values.regex import full, typical
from strategies.values.regex_tree import Chars, Choice, NotUnderstood, Repeat, Tree, parse
from strategies.values.small_scope import small_values
from strategies.values.strings import is_free_string, known_type, matching, missing_pattern
from strategies.values.valid import accepted
from tests.strategies.golden.shown import digest, first, several, shown
from tests.strategies.schemas import Object, oracle

HERE = Path(__file__).parent


def read(name: str) -> Any:
    """Return the content of one of the YAML files here."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def fields() -> Iterator[str]:
    """Yield the values of each field that must be accepted (`-`) or may be refused (`?`), then its violations."""
    yield from _fields(read("fields.yaml"))


def drawn_fields() -> Iterator[str]:
    """Yield the same of fields of which Hypothesis finds some values."""
    yield from _fields(read("fields_drawn.yaml"))


def _fields(schemas: list[Object]) -> Iterator[str]:
    for schema in schemas:
        yield from ("", f"## {shown(schema)}")
        yield from _field(oracle(schema).root.properties["field"])
        for found in violations(oracle(schema)):
            yield f"{found[0].rule}:"
            yield from (f"  x {each.label}: {shown(each.body)} at {shown(each.path)}" for each in found)


def _field(node: Node) -> Iterator[str]:
    yield f"simplest: {shown(simplest(node))}, free: {shown(is_free_string(node))}"
    for each in () if node.is_object or node.each is not None else accepted(node):
        yield f"  {'-' if each.must else '?'} {each.keyword}, {each.label}: {shown(each.value)}"
    if "array" in node.types and not node.is_free:
        yield from (f"items: {several(elements(node, count))}" for count in (1, 4))
    if "object" in node.types and not node.is_free:
        yield f"keys: {several(legal_keys(node)[:3])}"
    if node.is_object or node.each is not None:
        yield from packs(node)


def packs(node: Node) -> Iterator[str]:
    """Yield the packs of a field."""
    for pack in packer(node, "body").packs(node):
        yield f"  pack {shown(pack.value)}: {several(f'{each.rule} {each.label}' for each in pack.aims)}"


def patterns() -> Iterator[str]:
    """Yield the strings that match each pattern, and those that just miss it."""
    for pattern in read("patterns.yaml"):
        yield from ("", f"## {pattern}")
        try:
            yield f"typical: {shown(typical(parse(pattern)))}, full: {shown(full(parse(pattern)))}"
        except NotUnderstood:
            yield "not understood"
        yield f"type: {several(known_type(pattern).get('values', ()))}"
        yield from (f"  - {shown(each)}" for each in matching(pattern))
        yield from (f"  x {shown(each)}" for each in missing_pattern(pattern))


def trees() -> Iterator[str]:
    """Yield each pattern as a tree, or that it is not understood."""
    for pattern in [*read("patterns.yaml"), *read("unread_patterns.yaml")]:
        try:
            yield f"{pattern}: {_tree(parse(pattern))}"
        except NotUnderstood:
            yield f"{pattern}: not understood"


def _tree(tree: Tree) -> str:
    """Return a tree on one line: ranges of code points, `and`, `or`, and how often."""
    if isinstance(tree, Chars):
        ranges = " ".join(f"{low:X}-{high:X}" if low != high else f"{low:X}" for low, high in tree.ranges)
        return ranges if len(ranges) < 100 else f"{ranges[:60]}... #{digest(ranges)}"
    if isinstance(tree, Repeat):
        return f"({_tree(tree.of)}) {tree.low} to {tree.high} times"
    parts, word = (tree.branches, " or ") if isinstance(tree, Choice) else (tree.parts, " and ")
    return f"[{word.join(map(_tree, parts))}]"


def fragments() -> Iterator[str]:
    """Yield values that satisfy each fragment (`-`) or violate it (`x`): of an undescribed field, and of one with members."""
    body: Object = read("fragments.yaml")
    node = oracle(body["object"]).root.properties["field"]
    for fragment in body["fragments"]:
        yield from ("", f"## {shown(fragment)}")
        for name, field in (("undescribed", None), ("described", node)):
            yield f"{name}:"
            yield from (f"  - {shown(each)}" for each in satisfying(fragment, field))
            yield from (f"  x {shown(each)}" for each in violating(fragment, field))


def small() -> Iterator[str]:
    """Yield the first small values over the words of each schema."""
    body: Object = read("fragments.yaml")
    for schema in [*read("fields.yaml"), *body["small"]]:
        yield from ("", f"## {shown(schema)}")
        yield from (f"  {each}" for each in first(map(shown, small_values(schema)), 30))
