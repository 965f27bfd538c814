"""Where in a value a validator's error is: jsonschema-rs tells a path that does not always lead there."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema_rs

from openapi.json_types import Json, Path, down


def path_of(error: jsonschema_rs.ValidationError, value: Json) -> Path:
    """The path in `value` of what an error is about.

    The validator tells a key such as `007` as the number 7, and leaves out keys that are empty.
    """
    steps = tuple(error.instance_path)
    found = list(_leading(value, steps))
    if len(found) < 2:
        return found[0] if found else steps
    return next((path for path in found if down(value, path) == error.instance), found[0])


def _leading(value: Json, steps: Path) -> Iterator[Path]:
    """The paths in a value that these steps may stand for."""
    if not steps:
        yield ()
    if isinstance(value, dict):
        for key in _keys(value, steps[0]) if steps else ():
            yield from ((key, *rest) for rest in _leading(value[key], steps[1:]))
        if "" in value:
            yield from (("", *rest) for rest in _leading(value[""], steps))
    elif isinstance(value, list) and steps and isinstance(steps[0], int):
        yield from ((steps[0], *rest) for rest in _leading(value[steps[0]], steps[1:]))


def _keys(value: dict[str, Json], step: str | int) -> list[str]:
    if isinstance(step, str):
        return [step] if step in value else []
    return [key for key in value if key.isascii() and key.isdecimal() and int(key) == step]
