"""The descriptions that are measured with: ours, the vendor's later one, and a large one made of ours."""

from __future__ import annotations

import copy
import json
import tempfile
from functools import cache
from itertools import islice
from pathlib import Path

from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.json_types import Json
from openapi.reading.contract_folder import DEFAULT, load_data

ROOT = Path(__file__).parents[1]
_VENDOR = ROOT.parent / "shared" / "reference" / "vendor-openapi-2025-09-29.yaml"


@cache
def catalogue(properties: int | None = None) -> Catalogue:
    """Return the catalogue of our own description, with all properties of the request or so many of the first ones."""
    if properties is None:
        return catalogue_of(load_contract())
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), multiplied(1, properties))
        return catalogue_of(load_contract(str(path), [], contract="ultravox"))


def ours() -> str:
    """Return the file of our own description, which is read each time where it is named."""
    description = load_data(DEFAULT).description
    assert description is not None
    return description[0]


def vendor() -> str | None:
    """Return the vendor's later description; None where it is not available."""
    return str(_VENDOR) if _VENDOR.is_file() else None


def published(document: Json) -> Json:
    """Return a description as other tools read it: without extensions, which are ours."""
    if isinstance(document, dict):
        return {key: published(value) for key, value in document.items() if not key.startswith("x-")}
    return [published(each) for each in document] if isinstance(document, list) else document


def written(folder: Path, document: Json, name: str = "openapi.json") -> Path:
    """Return a file that holds the document as JSON."""
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def multiplied(times: int, properties: int | None = None) -> Json:
    """Our description, overlaid, each property of request and response `times` times, the copies under other names.

    `properties` keeps only so many of the request's, and those of the response that it must have.
    """
    contract = catalogue().contract
    document = copy.deepcopy(dict(contract.document))
    for origin in (contract.request, contract.response):
        schema = _source(document, origin)
        plain = dict(islice(schema["properties"].items(), properties))
        needed = {name: schema["properties"][name] for name in schema.get("required", ())}
        schema["properties"] = plain | needed
        for number in range(2, times + 1):
            schema["properties"] |= {f"{name}{number}": value for name, value in plain.items()}
    return document


def _source(document: Json, schema: Json) -> Json:
    """Return the schema in the description, references followed, that a bundled schema was made of."""
    value = _at(document, str(schema["x-origin"]).partition("#")[2])
    while "$ref" in value:
        value = _at(document, str(value["$ref"]).partition("#")[2])
    return value


def _at(document: Json, pointer: str) -> Json:
    for step in pointer.split("/")[1:]:
        document = document[step.replace("~1", "/").replace("~0", "~")]
    return document
