"""Members that come twice in an object of a JSON text: which of the two counts, no two readers agree on (RFC 8259, 4)."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress

import orjson

from openapi.json_types import Json


def repeated_member(content: bytes, value: Json) -> str | None:
    """Return the name of a member that comes twice, None if none does; `value` is what the text was read as."""
    # Read and written again, a text without such members has as many quotes. Only what has not is read once more.
    try:
        is_whole = orjson.dumps(value).count(b'"') == content.count(b'"')
    except TypeError:  # whole numbers beyond 64 bits
        is_whole = False
    if is_whole:
        return None
    twice: list[str] = []

    def look(members: list[tuple[str, Json]]) -> None:
        twice.extend(name for name, count in Counter(name for name, _ in members).items() if count > 1)

    with suppress(RecursionError):  # deeper than any response of this API
        json.loads(content, object_pairs_hook=look)
    return twice[0] if twice else None
