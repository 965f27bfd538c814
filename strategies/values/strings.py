"""Strings that match a pattern or just miss it, by the validator's own engine, and samples of formats."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema_rs

from openapi.schema.nodes import Node
from strategies.values import regex as patterns
from strategies.values.hostile import trouble
from strategies.values.regex_tree import NotUnderstood, parse


@lru_cache(maxsize=256)
def fits(pattern: str) -> jsonschema_rs.Validator:
    """Return a validator of the pattern alone: the verdict of its engine counts."""
    return jsonschema_rs.validator_for({"pattern": pattern})


@lru_cache(maxsize=256)
def known_type(pattern: str) -> dict[str, Any]:
    """Return the entry of `hostile.yaml` for the type behind a pattern; empty if there is none."""
    takes = fits(pattern).is_valid
    types = trouble()["pattern_types"]
    known = (each for each in types if all(map(takes, each["matches"])) and not any(map(takes, each["misses"])))
    return next(known, {})


def matching(pattern: str) -> list[str]:
    """Return strings at the edges of a pattern; Hypothesis draws them where the pattern is not understood."""
    try:
        tree = parse(pattern)
    except NotUnderstood:
        strings = _drawn(pattern)
    else:
        strings = [patterns.typical(tree), *patterns.edges(tree)]
    return [text for text in dict.fromkeys(strings) if fits(pattern).is_valid(text)]


def missing_pattern(pattern: str) -> list[str]:
    """Return strings that just miss a pattern."""
    try:
        tree = parse(pattern)
    except NotUnderstood:
        strings = [text for each in matching(pattern)[:3] for text in patterns.around(each)]
    else:
        usual = patterns.typical(tree)
        misses = list(patterns.misses(tree))
        # The likeliest mistakes first: what stands around, the longest, foreign characters inside; then every edge.
        full = next((text for text in _unsigned(patterns.full(tree)) if fits(pattern).is_valid(text)), usual)
        strings = [*patterns.around(usual), *sorted(misses, key=len, reverse=True)[:2], *patterns.foreign(full), *misses]
    return [text for text in dict.fromkeys(strings) if not fits(pattern).is_valid(text)]


def _unsigned(text: str) -> tuple[str, ...]:
    """Return the string without its sign, which might be refused for itself, and unchanged."""
    return text.lstrip("+-"), text


def _drawn(pattern: str) -> list[str]:
    from strategies.values.sampling import examples_of_pattern  # only such patterns need Hypothesis at planning time

    return examples_of_pattern(pattern)


FORMAT_SAMPLES = {
    "uuid": ["3c90c3cc-0d44-4b50-8888-8dd25736052a", "ffffffff-ffff-4fff-bfff-ffffffffffff"],
    "date-time": ["2023-11-07T05:31:56Z", "2024-02-29T23:59:59.999999Z", "2023-11-07T05:31:56+05:30"],
    "date": ["2024-02-29"],
    "email": ["a@example.com"],
    "uri": ["https://example.com/a?b=c#d"],
    "ipv4": ["192.0.2.1"],
    "ipv6": ["2001:db8::1"],
    "hostname": ["example.com"],
    "time": ["10:30:00Z", "23:59:59.5+05:30"],
    "duration": ["P1DT12H", "PT36H"],
    "idn-email": ["ä@example.com"],
    "idn-hostname": ["ä.example.com"],
    "uri-reference": ["/a?b=c#d", "https://example.com/"],
    "iri": ["https://example.com/ä"],
    "iri-reference": ["/ä"],
    "uri-template": ["https://example.com/{a}"],
    "json-pointer": ["/a/0", ""],
    "relative-json-pointer": ["1/a"],
    "regex": ["^a+$"],
}


def is_free_string(node: Node) -> bool:
    """Return whether any string of any length is valid."""
    limits = ("enum", "const", "pattern", "format", "maxLength", "minLength", "x-known-values", "x-implementation-defined")
    return node.types == {"string"} and all(node.get(key) is None for key in limits)
