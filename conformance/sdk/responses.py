"""Response cases: what a server may send, and what a client must make of it.

An edge is a successful response that differs from an ordinary one in one place. A fault is a response that the client must
surface as an error. A wait is a refusal that ends by itself if the client waits as long as it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from conformance.sdk.edges import edges, invalid_responses, nil_ids
from conformance.sdk.errors import errors, waits
from conformance.sdk.ordinary import ordinary_response
from conformance.sdk.response_case import MARKER, Expectation, ResponseCase
from emulator.testing.script import json_response
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.schema.oracle import rule_id

__all__ = ["MARKER", "Expectation", "ResponseCase", "response_cases", "response_fixtures"]

_LATE = 2.0  # seconds of a slow response
_LARGE = 10_000  # members of a large response
_NEW = "NEW_IN_A_LATER_VERSION"


def response_cases(catalogue: Catalogue, template: Mapping[str, Json]) -> Iterator[ResponseCase]:
    """Yield all response cases; `template` is an ordinary response."""
    yield from edges(catalogue, dict(template))
    yield from _transfers(catalogue, dict(template))
    yield from _unknown(catalogue, dict(template))
    yield from errors(catalogue)
    yield from waits()


def response_fixtures(catalogue: Catalogue) -> Iterator[ResponseCase]:
    """Yield the cases that do without a client: all response cases, then responses that violate the description."""
    template = ordinary_response(catalogue)
    if template is not None:
        yield from response_cases(catalogue, template)
        yield from invalid_responses(catalogue, template)
        yield from nil_ids(catalogue, template)


def _transfers(catalogue: Catalogue, template: dict[str, Json]) -> Iterator[ResponseCase]:
    """Yield ordinary responses that are sent in an unusual way: late, large, with another spelling of the media type."""
    status = catalogue.contract.status
    ordinary = json_response(status, template)
    name = next((name for name, node in catalogue.response.properties.items() if node.is_map or node.is_open), None)
    large = {**template, name: {f"key{index}": "x" * 100 for index in range(_LARGE)}} if name else template
    for label, scripted in {
        "late": replace(ordinary, delay=_LATE),
        "large": json_response(status, large),
        "charset": replace(ordinary, headers=((b"content-type", b"application/json; charset=utf-8"),)),
        "upper-case media type": replace(ordinary, headers=((b"content-type", b"Application/JSON"),)),
        "indented": replace(ordinary, body=json.dumps(template, indent=2).encode()),
    }.items():
        rule = "response.json" if label in ("late", "large", "indented") else "response.content-type"
        yield ResponseCase("transfer", label, Expectation.READ, scripted, group=label, rule=rule)


def _unknown(catalogue: Catalogue, template: dict[str, Json]) -> Iterator[ResponseCase]:
    """Yield responses of a later version: members and enum members that the description does not name."""
    status = catalogue.contract.status
    for label, value in (("a string", "x"), ("an object", {"a": [1, None]}), ("null", None)):
        response = json_response(status, {**template, "memberOfALaterVersion": value})
        yield ResponseCase("unknown", f"member with {label}", Expectation.ACCEPTED, response, group="an unknown member")
    for name, node in catalogue.response.properties.items():
        if node.is_object and isinstance(template.get(name), dict):
            response = json_response(status, {**template, name: {**template[name], "memberOfALaterVersion": "x"}})
            yield ResponseCase("unknown", "nested member", Expectation.ACCEPTED, response, name, (name,))
        if node.get("enum") is not None:
            response, rule = json_response(status, {**template, name: _NEW}), rule_id("response", name, "enum")
            yield ResponseCase("unknown", "enum member", Expectation.ACCEPTED, response, name, (name,), rule=rule)
