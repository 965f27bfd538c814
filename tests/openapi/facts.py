"""The facts that a description states, place by place, and the sentences that it describes them with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

Object: TypeAlias = dict[str, Any]
Fact: TypeAlias = tuple[str, str, str]  # place, keyword, value as JSON

KEYWORDS = (
    *("type", "format", "enum", "pattern", "default", "minimum", "maximum", "maxLength", "required"),
    *("readOnly", "deprecated", "additionalProperties"),
)


def component_facts(document: Object) -> Iterator[Fact]:
    """Each keyword at each place of the components, whichever version of OpenAPI they are written in."""
    for name, schema in document["components"]["schemas"].items():
        if name != "NullEnum":  # OpenAPI 3.0 needs it to say null; 3.1 has a type for that
            yield from schema_facts(name, schema)


def schema_facts(place: str, schema: Object) -> Iterator[Fact]:
    branches = [schema, *schema.get("allOf", ()), *schema.get("oneOf", ())]
    references = [branch["$ref"] for branch in branches if "$ref" in branch]
    targets = [reference.rsplit("/", 1)[-1] for reference in references]
    types = [each for branch in branches for each in listed(branch.get("type", []))]
    if schema.get("nullable") or "null" in types:
        yield place, "nullable", "true"
    for target in targets:
        if target != "NullEnum":
            yield place, "$ref", target
    yield from keyword_facts(place, {**schema, "type": next((each for each in types if each != "null"), None)})
    for name, member in schema.get("properties", {}).items():
        yield f"{place}.{name}", "is a field", "true"
        yield from schema_facts(f"{place}.{name}", member)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from schema_facts(f"{place}.{keyword}", schema[keyword])


def keyword_facts(place: str, schema: Object) -> Iterator[Fact]:
    for keyword in KEYWORDS:
        value = schema.get(keyword)
        if value is None or isinstance(value, dict):
            continue
        value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        yield place, keyword, json.dumps(sorted(value) if isinstance(value, list) else value)


def operation_facts(document: Object) -> Iterator[Fact]:
    """Return the parameters, keys and responses of each operation, wherever its parameters and its security are written."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            place = f"{method} {path}"
            yield place, "operationId", operation["operationId"]
            yield place, "security", json.dumps(operation.get("security", document.get("security")))
            for parameter in [*item.get("parameters", ()), *operation.get("parameters", ())]:
                about = {key: parameter.get(key) for key in ("in", "required", "schema")}
                yield place, f"parameter {parameter['name']}", json.dumps(about)
            for status, response in operation["responses"].items():
                yield place, f"answer {status}", json.dumps(response.get("content"))
            if "requestBody" in operation:
                about = {key: operation["requestBody"].get(key) for key in ("required", "content")}
                yield place, "body", json.dumps(about)
    for name, scheme in document["components"]["securitySchemes"].items():
        yield name, "scheme", json.dumps([scheme["type"], scheme["in"], scheme["name"]])


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def descriptions(value: Any) -> Iterator[str]:
    """Every text that describes something in a document."""
    if isinstance(value, list):
        for element in value:
            yield from descriptions(element)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key in ("description", "summary") and isinstance(member, str):
                yield member
            else:
                yield from descriptions(member)


def sentences(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.:;!?])\s+", " ".join(text.split())):
        if plain := re.sub(r"\W+", " ", sentence).strip().lower():
            yield plain
