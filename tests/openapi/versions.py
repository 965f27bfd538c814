"""Other versions of our description: a later one of the service, and ours as OpenAPI 3.0 says it.

Both state facts that the vendor published, in no sentences of theirs, so that tests need none of the vendor's files.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from openapi import Contract, load_contract
from openapi.catalogue import Catalogue, catalogue_of
from tests.openapi.our_overlay import ROOT, Object

OURS: Object = yaml.load((ROOT / "openapi/contracts/ultravox/description.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
_PATCH: Object = yaml.load(Path(__file__).with_name("september.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def patched(value: Any, patch: Any) -> Any:
    """Return a value with a JSON merge patch (RFC 7396) applied: objects are merged, and null removes a member."""
    if not isinstance(patch, dict):
        return patch
    members: Object = value if isinstance(value, dict) else {}
    merged = {key: patched(members.get(key), member) for key, member in patch.items() if member is not None}
    return {key: member for key, member in members.items() if key not in patch} | merged


SEPTEMBER: Object = patched(OURS, _PATCH)
"""The description of September 2025."""


def in_openapi_3_0(value: Any) -> Any:
    """Return a description of 3.1 as 3.0 says it: `nullable` for a type null, and `allOf` around a reference with siblings."""
    if isinstance(value, list):
        return [in_openapi_3_0(each) for each in value]
    if not isinstance(value, dict):
        return value
    said: Object = {key: in_openapi_3_0(member) for key, member in value.items()}
    if isinstance(said.get("type"), list):
        said |= {"type": next(each for each in said["type"] if each != "null"), "nullable": True}
    if {"type": "null"} in said.get("oneOf", ()):
        said |= {"allOf": [each for each in said.pop("oneOf") if each != {"type": "null"}], "nullable": True}
    if "$ref" in said and len(said) > 1:
        said["allOf"] = [{"$ref": said.pop("$ref")}]
    return {**said, "openapi": "3.0.3"} if "openapi" in said else said


@cache
def september() -> Catalogue:
    """Return the catalogue of the description of September 2025 under our overlay."""
    return catalogue_of(under_our_overlay(SEPTEMBER))


def under_our_overlay(document: Object) -> Contract:
    """Return the contract of another version of the description, with all else that the contract folder knows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "description.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return load_contract(str(path), contract="ultravox")
