"""Valid bodies that are nearly as large as those that a server may refuse for their size, by one text alone."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.oracle import Oracle
from strategies.cases import Case, Side
from strategies.doubts import is_certain
from strategies.rows import Aim, is_free_text
from strategies.trouble import long_text

_LENGTH = 24_000  # characters, some 28,000 bytes
_BODIES = 4


def lengthy(oracle: Oracle, lacking: frozenset[str]) -> Iterator[Case]:
    """A body for each of the first texts in it, with a long one."""
    for name in [name for name, node in oracle.root.properties.items() if is_free_text(node) and not node.get("x-hazard")][
        :_BODIES
    ]:
        body = {name: long_text(_LENGTH)}
        if oracle.obeys(body) and is_certain(oracle.root, body, lacking):
            aim = Aim(f"{oracle.prefix}.{name}.type", (name,), f"{_LENGTH} characters")
            yield Case(side=Side.ACCEPTS, label=aim.label, aims=(aim,), body=body)
