"""Proposals: a draft overlay of what the sentences of a description say, each with its sentence and a confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openapi.json_types import Json, unescape
from openapi.prose.derived_defaults import derived_defaults
from openapi.prose.described import is_valid, merged, parts
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
    """Yield what the sentences of a description say and no keyword says yet: of `components`, then of operations."""
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
    for path, sentence, rule in derived_defaults(document):
        target = _path(("paths", path, "post"))
        yield Proposal(target, sentence, {"x-exchange-rules": [rule]}, _level(sentence), Confidence.LIKELY)


def _of_schema(
    document: Mapping[str, Json], schema: Json, steps: tuple[str, ...], name: str, siblings: Mapping[str, Json], parent: str
) -> Iterator[Proposal]:
    if not isinstance(schema, dict):
        return
    own = merged(document, schema)
    subject = Subject(name, own, siblings, lambda value: is_valid(document, schema, value))
    for sentence in sentences(str(schema.get("description") or "")):
        for reading in readings(sentence, subject):
            target = parent if reading.of_parent else _target(document, schema, steps, reading)
            stated = siblings if reading.of_parent else own
            if _is_news(reading, stated, of_parent=reading.of_parent):
                yield Proposal(target, sentence, reading.update, _level(sentence), reading.confidence)
    members = schema.get("properties", {})
    for each, child in members.items() if isinstance(members, dict) else ():
        yield from _of_schema(document, child, (*steps, "properties", each), each, members, _path(steps))
    for keyword in ("items", "additionalProperties"):
        yield from _of_schema(document, schema.get(keyword), (*steps, keyword), "", {}, "")


def _target(document: Mapping[str, Json], schema: Mapping[str, Json], steps: tuple[str, ...], reading: Reading) -> str:
    """Return where keywords go: into the referenced schema where they are about its own properties."""
    if "oneOf" in reading.update and "properties" not in schema:
        references = [each["$ref"] for each in parts(document, schema) if "$ref" in each]
        if references and references[0].startswith("#/"):
            return _path(tuple(unescape(each) for each in references[0].removeprefix("#/").split("/")))
    return _path(steps)


def _is_news(reading: Reading, stated: Mapping[str, Json], *, of_parent: bool) -> bool:
    """Return whether no keyword says it already."""
    return of_parent or any(keyword not in stated for keyword in reading.update)


def _level(sentence: str) -> str:
    return "SHOULD" if re.search(r"\bshould be\b", sentence) else "MUST"


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
