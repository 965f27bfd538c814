"""Valid bodies that are nearly as large as those that a server may refuse for their size, by one member alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.cases import Case
from strategies.one_member import members, with_member
from strategies.rows import is_free_text
from strategies.trouble import long_text

_LENGTH = 24_000  # characters, some 28,000 bytes
_BODIES = 4  # of texts, and of objects


def lengthy(oracle: Oracle, lacking: frozenset[str]) -> Iterator[Case]:
    """A body for each of the first texts in it, with a long one, and for each of the first objects of any content."""
    wholes: tuple[tuple[Callable[[Node], bool], Json], ...] = (
        (is_free_text, long_text(_LENGTH)),
        (lambda node: node.is_open, _large_object()),
    )
    for fits, value in wholes:
        cases = (with_member(oracle, lacking, name, value, f"{_LENGTH} characters") for name in members(oracle, fits, _BODIES))
        yield from filter(None, cases)


def _large_object() -> Json:
    """An object with a long text, a long list, and many members."""
    part, size = _LENGTH // 3, 80
    many = {f"key{index:03d}": long_text(size - 10) for index in range(part // size)}
    return {"text": long_text(part), "list": [long_text(size) for _ in range(part // size)], **many}
