"""Our description of the endpoint: valid, complete against the vendor's, and in our own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from openapi_spec_validator import validate

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
Object: TypeAlias = dict[str, Any]
Fact: TypeAlias = tuple[str, str, str]  # place, keyword, value as JSON

KEYWORDS = (
    *("type", "format", "enum", "pattern", "default", "minimum", "maximum", "maxLength", "required"),
    *("readOnly", "deprecated", "additionalProperties"),
)


def load(path: Path) -> Object:
    """A YAML file, or the reason to skip: the published files are not ours to redistribute."""
    if not path.exists():
        pytest.skip(f"{path.name} is kept in ../shared/reference, which this checkout has not")
    loaded: Object = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def ours() -> Object:
    return load(ROOT / "openapi" / "contracts" / "ultravox" / "description.yaml")


@pytest.fixture(scope="module")
def vendor() -> Object:
    return load(REFERENCE / "vendor-openapi-2025-04-01.yaml")


@pytest.fixture(scope="module")
def page() -> str:
    path = REFERENCE / "create-call-page.txt"
    if not path.exists():
        pytest.skip("the page is kept in ../shared/reference, which this checkout has not")
    return path.read_text(encoding="utf-8")


def test_is_valid_openapi(ours: Object) -> None:
    assert ours["openapi"] == "3.1.0"
    validate(ours)


def test_licence_and_operations(ours: Object) -> None:
    assert ours["info"]["license"]["identifier"] == "MIT"
    operations = [(path, method) for path, item in ours["paths"].items() for method in item if method != "parameters"]
    one = "/api/calls/{call_id}"
    assert operations == [("/api/calls", "post"), (one, "get"), (one, "delete")]


def test_states_in_keywords_what_the_vendor_states(ours: Object, vendor: Object) -> None:
    """Neither less nor more: what is documented only in sentences belongs in the overlay."""
    assert set(component_facts(vendor)) ^ set(component_facts(ours)) == set()


def test_has_the_vendors_operations(ours: Object, vendor: Object) -> None:
    missing = set(operation_facts(vendor)) - set(operation_facts(ours))
    more = set(operation_facts(ours)) - set(operation_facts(vendor))
    assert missing == set()
    assert {keyword for _, keyword, _ in more} == {"answer 4XX"}


def test_has_every_field_of_the_page(ours: Object, page: str) -> None:
    shown = set(re.findall(r'"(\w+)":', page))
    described = {name for schema in ours["components"]["schemas"].values() for name in schema.get("properties", ())}
    assert len(shown) > 100
    assert shown - described == set()


def test_has_every_option_of_the_page(ours: Object, page: str) -> None:
    shown = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", page))
    members = {member for _, keyword, value in component_facts(ours) if keyword == "enum" for member in json.loads(value)}
    assert shown - members == set()


def test_is_in_our_own_words(ours: Object, vendor: Object, page: str) -> None:
    theirs = {sentence for text in descriptions(vendor) for sentence in sentences(text)}
    theirs |= {sentence for line in page.splitlines() for sentence in sentences(line)}
    assert {sentence for text in descriptions(ours) for sentence in sentences(text)} & theirs == set()


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
