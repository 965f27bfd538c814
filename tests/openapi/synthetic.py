"""Small descriptions of one endpoint, made around the schemas that a test is about."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from openapi import Contract, load_contract
from openapi.catalogue import Catalogue, catalogue_of
from tests.openapi.our_overlay import REFERENCE as REFERENCE

ROOT = Path(__file__).parents[2]
OURS = ROOT / "openapi" / "contracts" / "ultravox" / "description.yaml"
OUR_OVERLAY = ROOT / "openapi" / "contracts" / "ultravox" / "overlay.yaml"

Object: TypeAlias = dict[str, Any]
Step: TypeAlias = str | int


def operation(request: Any, response: Any = None, **members: Any) -> Object:
    """A create operation that takes one schema and responses with another."""
    return {
        "requestBody": {"content": {"application/json": {"schema": request}}},
        "responses": {"201": {"description": "", "content": {"application/json": {"schema": response or {"type": "object"}}}}},
        **members,
    }


def description(request: Any, response: Any = None, *, version: str = "3.1.0", **members: Any) -> Object:
    """A description of the endpoint; `members` are further ones of the root."""
    return {
        "openapi": version,
        "info": {"title": "Synthetic", "version": "1"},
        "paths": {"/api/calls": {"post": operation(request, response)}},
        **members,
    }


def overlay(*actions: Object) -> Object:
    return {"overlay": "1.0.0", "info": {"title": "", "version": ""}, "actions": list(actions)}


def written(folder: Path, document: Any, name: str = "openapi.json") -> str:
    """The path of a file that holds the document, in the format that its name says."""
    path = folder / name
    text = json.dumps(document) if name.endswith(".json") else yaml.safe_dump(document, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return str(path)


def loaded(document: Any, *overlays: Object) -> Contract:
    """The contract of a description, with overlays on it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        layers = [written(folder, each, f"overlay{index}.json") for index, each in enumerate(overlays)]
        return load_contract(written(folder, document), layers)


def catalogued(request: Any, response: Any = None, **members: Any) -> Catalogue:
    """The catalogue of a description that is made around two schemas."""
    return catalogue_of(loaded(description(request, response, **members)))


def body_rules(catalogue: Catalogue) -> list[str]:
    """The ids of the rules that a body alone conforms or violates."""
    about_responses = (".echo", ".default")
    return [each for each in catalogue.rules if each.startswith("body.") and not each.endswith(about_responses)]


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The path of every value in a document."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from places(member, (*path, step))


def replaced(document: Any, path: tuple[Step, ...], value: Any) -> Any:
    """A copy of the document with another value at a path; members on the way are made as needed."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(document, list):
        return [replaced(e, rest, value) if index == step else e for index, e in enumerate(document)]
    members: Mapping[Any, Any] = document if isinstance(document, dict) else {}
    return {**members, step: replaced(members.get(step, {}), rest, value)}


def without(document: Any, path: tuple[Step, ...]) -> Any:
    """A copy of the document without the member at a path."""
    step, rest = path[0], path[1:]
    if rest:
        return {**document, step: without(document[step], rest)}
    return {key: member for key, member in document.items() if key != step}


def relative(path: str) -> str:
    """A path as seen from the working directory."""
    return os.path.relpath(path)


POST: tuple[Step, ...] = ("paths", "/api/calls", "post")
SCHEMA: tuple[Step, ...] = (*POST, "requestBody", "content", "application/json", "schema")
DOCUMENT: Object = yaml.load(OURS.read_text(encoding="utf-8"), yaml.CSafeLoader)
LAYER: Object = yaml.load(OUR_OVERLAY.read_text(encoding="utf-8"), yaml.CSafeLoader)
