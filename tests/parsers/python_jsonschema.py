"""Python's jsonschema, which coerces nothing and matches patterns as Python's `re` does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version as installed

import jsonschema

from openapi.json_types import Schema
from tests.parsers.reading import Parser, Read, Reading, Refused


def read(schema: Schema, texts: Sequence[str]) -> list[Reading]:
    """Return what jsonschema makes of each text."""
    validator = jsonschema.Draft202012Validator(dict(schema))
    return [_reading(validator, text) for text in texts]


def _reading(validator: jsonschema.Draft202012Validator, text: str) -> Reading:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Refused(str(error))
    problem = next(validator.iter_errors(document), None)
    return Read(document) if problem is None else Refused(problem.message[:200])


PYTHON_JSONSCHEMA = Parser(
    "Python jsonschema", lambda: installed("jsonschema"), lambda: None, read, enforced=frozenset({"pattern"})
)
