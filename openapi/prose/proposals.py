"""Proposals: a draft overlay of what the sentences of a description say, each with its sentence and a confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import jsonschema_rs

from openapi.json_types import Json, unescape
from openapi.prose.habits import Confidence, Reading, Subject, readings
from openapi.prose.sentences import sentences


@dataclass(frozen=True, slots=True)
class Proposal:
    """The keywords that a sentence adds to the schema at `target`, a JSONPath."""

    target: str
    sentence: str
    update: Mapping[str, Json]
    level: str
    confidence: Confidence


def proposals(document: Mapping[str, Json]) -> Iterator[Proposal]:
    """Yield what the sentences of the schemas under `components` say and no keyword says yet, in document order."""
    seen: set[tuple[str, str]] = set()
    for each in _all(document):
        key = (each.target, repr(each.update))
        if key not in seen:
            seen.add(key)
            yield each


def _all(document: Mapping[str, Json]) -> Iterator[Proposal]:
    schemas = document.get("components", {}).get("schemas", {})
    for name, schema in schemas.items():
        yield from _of_schema(document, schema, ("components", "schemas", name), "", {}, "")


def _of_schema(
    document: Mapping[str, Json], schema: Json, steps: tuple[str, ...], name: str, siblings: Mapping[str, Json], parent: str
) -> Iterator[Proposal]:
    if not isinstance(schema, dict):
        return
    merged = _merged(document, schema)
    subject = Subject(name, merged, siblings, lambda value: _is_valid(document, schema, value))
    for sentence in sentences(str(schema.get("description") or "")):
        for reading in readings(sentence, subject):
            target = parent if reading.of_parent else _target(document, schema, steps, reading)
            stated = siblings if reading.of_parent else merged
            if _is_news(reading, stated, of_parent=reading.of_parent):
                yield Proposal(target, sentence, reading.update, _level(sentence), reading.confidence)
    own = schema.get("properties", {})
    for each, child in own.items() if isinstance(own, dict) else ():
        yield from _of_schema(document, child, (*steps, "properties", each), each, own, _path(steps))
    for keyword in ("items", "additionalProperties"):
        yield from _of_schema(document, schema.get(keyword), (*steps, keyword), "", {}, "")


def _target(document: Mapping[str, Json], schema: Mapping[str, Json], steps: tuple[str, ...], reading: Reading) -> str:
    """Return where keywords go: into the referenced schema where they are about its own properties."""
    if "oneOf" in reading.update and "properties" not in schema:
        references = [each["$ref"] for each in _parts(document, schema) if "$ref" in each]
        if references and references[0].startswith("#/"):
            return _path(tuple(unescape(each) for each in references[0].removeprefix("#/").split("/")))
    return _path(steps)


def _is_news(reading: Reading, stated: Mapping[str, Json], *, of_parent: bool) -> bool:
    """Return whether no keyword says it already."""
    return of_parent or any(keyword not in stated for keyword in reading.update)


def _level(sentence: str) -> str:
    return "SHOULD" if re.search(r"\bshould be\b", sentence) else "MUST"


def _merged(document: Mapping[str, Json], schema: Mapping[str, Json]) -> dict[str, Json]:
    """Return a schema with the keywords of what it refers to and combines; its own count first."""
    found: dict[str, Json] = {}
    for part in _parts(document, schema):
        for keyword, value in part.items():
            found.setdefault(keyword, value)
    return found


def _parts(document: Mapping[str, Json], schema: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    found: list[Mapping[str, Json]] = []
    waiting: list[Json] = [schema]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict) and part not in found:
            found.append(part)
            waiting += part.get("allOf", ())
            waiting.append(_referred(document, part.get("$ref")))
    return found


def _referred(document: Mapping[str, Json], reference: Json) -> Json:
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    value: Json = document
    for step in reference.removeprefix("#/").split("/"):
        value = value.get(unescape(step)) if isinstance(value, dict) else None
    return value


def _is_valid(document: Mapping[str, Json], schema: Mapping[str, Json], value: Json) -> bool:
    """Return whether a schema of the document admits a value; false where a validator cannot say."""
    try:
        return jsonschema_rs.is_valid({**document, **schema}, value)
    except (ValueError, jsonschema_rs.ReferencingError):
        return False


def _path(steps: tuple[str, ...]) -> str:
    return "$" + "".join(f".{step}" if re.fullmatch(r"[A-Za-z_]\w*", step) else f"['{step}']" for step in steps)


def draft(document: Mapping[str, Json], found: list[Proposal]) -> dict[str, Json]:
    """Return an overlay of proposals as its JSON value."""
    title = str(document.get("info", {}).get("title", "this description"))
    return {
        "overlay": "1.0.0",
        "info": {"title": f"Draft: what the sentences of {title} say", "version": "draft"},
        "actions": [
            {
                "target": each.target,
                "description": each.sentence,
                **({"x-level": each.level} if each.level != "MUST" else {}),
                "x-confidence": str(each.confidence),
                "update": dict(each.update),
            }
            for each in found
        ],
    }
