"""Schemas of a description as its sentences are about them: with references and `allOf` merged."""

from __future__ import annotations

from collections.abc import Mapping

import jsonschema_rs

from openapi.json_types import Json, unescape


def merged(document: Mapping[str, Json], schema: Json) -> dict[str, Json]:
    """Return a schema with the keywords of what it refers to and combines; its own count first."""
    found: dict[str, Json] = {}
    for part in parts(document, schema):
        for keyword, value in part.items():
            found.setdefault(keyword, value)
    return found


def parts(document: Mapping[str, Json], schema: Json) -> list[Mapping[str, Json]]:
    """Return a schema with what it refers to and combines by `allOf`."""
    found: list[Mapping[str, Json]] = []
    waiting: list[Json] = [schema]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict) and part not in found:
            found.append(part)
            waiting += part.get("allOf", ())
            waiting.append(referred(document, part.get("$ref")))
    return found


def referred(document: Mapping[str, Json], reference: Json) -> Json:
    """Return the target of a local reference; None where there is none."""
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    value: Json = document
    for step in reference.removeprefix("#/").split("/"):
        value = value.get(unescape(step)) if isinstance(value, dict) else None
    return value


def is_valid(document: Mapping[str, Json], schema: Mapping[str, Json], value: Json) -> bool:
    """Return whether a schema of the document admits a value; false where a validator cannot say."""
    try:
        return jsonschema_rs.is_valid({**document, **schema}, value)
    except (ValueError, jsonschema_rs.ReferencingError):
        return False
