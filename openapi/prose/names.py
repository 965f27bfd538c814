"""Names of members in a sentence, in either spelling: `thing_key`, `thingKey`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openapi.json_types import Json


def named_in(text: str, properties: Mapping[str, Json]) -> list[str]:
    """Return the properties that a text names, in its order."""
    by_word = {_snake(name): name for name in properties}
    words = [_snake(word) for word in re.findall(r"[A-Za-z_]\w*", text)]
    return list(dict.fromkeys(by_word[word] for word in words if word in by_word))


def slug(name: str) -> str:
    """Return a name as a part of an id: `thing-key`."""
    return _snake(name).replace("_", "-")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
