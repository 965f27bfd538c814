"""Members that the server makes anew for each object, derived by comparing the responses to one request.

Example: of `{"id": 7, "name": "a"}` and `{"id": 8, "name": "a"}` it is `id`, which no request describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from openapi.json_types import Json, Path
from openapi.schema.nodes import Node
from openapi.schema.paths import at, without

_FEWEST = 3  # responses in which a value has to differ each time


def server_made(request: Node, response: Node, responses: Sequence[Json]) -> list[Path]:
    """Return the paths of scalars that no request describes and that differ in each of several responses."""
    found = [path for path in _scalars(request, response, ()) if _differs_each_time([at(each, path) for each in responses])]
    return found if len(responses) >= _FEWEST else []


def _scalars(request: Node | None, response: Node, path: Path) -> Iterator[Path]:
    for name, node in response.properties.items():
        asked = request.properties.get(name) if request is not None else None
        if node.properties:
            yield from _scalars(asked, node, (*path, name))
        elif asked is None:
            yield (*path, name)


def _differs_each_time(values: list[Json]) -> bool:
    scalars = [value for value in values if isinstance(value, (str, int, float)) and not isinstance(value, bool)]
    return len(scalars) == len(values) and len(set(scalars)) == len(values)


def stripped(value: Json, paths: Iterable[Path]) -> Json:
    """Return a response without the members at some paths."""
    for path in paths:
        if at(value, path) is not None:
            value = without(value, path)
    return value
