"""A small contract, and trials of the miniature client against it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from conformance.sdk.results import Results, results_of
from conformance.sdk.trial import run_trial
from openapi.catalogue import Catalogue, catalogue_of
from tests.openapi.synthetic import Object, description, loaded

KEY = "Tests000.0123456789abcdef0123456789abcdef"
MINIATURE = Path(__file__).parent / "miniature.py"
_DURATION = {"type": "string", "pattern": r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$"}
_MEMBERS: Object = {
    "name": {"type": "string"},
    "count": {"type": "integer", "format": "int32"},
    "ratio": {"type": "number"},
    "enabled": {"type": "boolean"},
    "wait": _DURATION,
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    "nested": {"type": "object", "properties": {"deep": {"type": "boolean"}}},
}
_RESPONSE: Object = {
    "type": "object",
    "required": ["id", "created"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "created": {"type": "string", "format": "date-time"},
        **_MEMBERS,
        "wait": {"type": "string", "default": "30s"},
        "state": {"type": "string", "enum": ["new", "done"]},
        "note": {"type": ["string", "null"]},
    },
}


def small_description() -> Object:
    """A description with a query parameter, an API key, and a member of each kind."""
    document = description({"type": "object", "properties": _MEMBERS}, _RESPONSE)
    document["components"] = {"securitySchemes": {"key": {"type": "apiKey", "name": "X-API-Key", "in": "header"}}}
    document["security"] = [{"key": []}]
    post = document["paths"]["/api/calls"]["post"]
    post["parameters"] = [{"name": "verbose", "in": "query", "schema": {"type": "boolean", "default": False}}]
    return document


@pytest.fixture(scope="session")
def small_catalogue() -> Catalogue:
    """The catalogue of the small description."""
    return catalogue_of(loaded(small_description()))


Try = Callable[..., Results]


@pytest.fixture(scope="session")
def trial(small_catalogue: Catalogue) -> Try:
    """Test the miniature client, with a misbehaviour, on selected cases; once for all tests that look at the results."""

    @cache
    def tested(how: str = "", *select: str, timeout: float = 20) -> Results:
        command = [sys.executable, str(MINIATURE), how]
        # A late response, and a client that creates calls by itself, come sooner than from real clients.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("conformance.sdk.responses._LATE", 0.3)
            patch.setattr("conformance.sdk.trial._LINGER", 0.6)
            run = run_trial(small_catalogue, command, key=KEY, select=select, timeout=timeout)
            return results_of(run, small_catalogue)

    return tested


@pytest.fixture(scope="session")
def deviating(trial: Try) -> Results:
    """The results of a client that drops falsy values."""
    return trial("drops-falsy", "call/*")
