"""Bodies that are no JSON."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.coercion.parsers import ALL, refused_literals
from openapi.schema.oracle import Oracle
from strategies.bodies.builder import sendable_members
from strategies.values.strings import is_free_string

# NAME stands for the name of a string: an unknown name would make a lenient parser refuse even what it reads.
_MALFORMED = {
    "an open object": "{",
    "a word": "nope",
    "a member without value": '{"NAME":}',
    "a trailing comma": '{"NAME": "conformance",}',
    "single quotes": "{'NAME': 'conformance'}",
    "two documents": "{} {}",
    "an unfinished text": '{"NAME": "conformance',
    "an unfinished object": '{"NAME": "conformance"',
    "text behind the document": "{}x",
    "no comma": '{"NAME": "conformance" "NAME": "conformance"}',
}


def malformed_bodies(oracle: Oracle, reads: frozenset[str] = ALL) -> Iterator[tuple[str, bytes]]:
    """Yield label and bytes of each, made with a member that may be sent, so nothing else is invalid.

    Literals that some parsers of JSON read are among them only if none of those in `reads` does so.
    """
    name = next(iter(sendable_members(oracle, is_free_string, 1)), "a")
    yield from ((label, text.replace("NAME", name).encode()) for label, text in _MALFORMED.items())
    for member in sendable_members(oracle, lambda node: node.types == {"number"}, 1):
        for literal in refused_literals(reads):
            yield f"the literal {literal} in {member}", f'{{"{member}": {literal}}}'.encode()
