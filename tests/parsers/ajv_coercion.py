"""Ajv with type coercion: between scalars, as Express servers use it, and with arrays of one item too, as Fastify does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from openapi.json_types import Json, Schema
from tests.parsers.processes import ask
from tests.parsers.reading import Parser, Reading

_FOLDER = Path(__file__).parent / "ajv"
_PACKAGE = _FOLDER / "node_modules" / "ajv" / "package.json"


def version() -> str:
    """Return the version of Ajv."""
    return str(json.loads(_PACKAGE.read_text(encoding="utf-8"))["version"])


def missing() -> str | None:
    """Return what has to be installed before Ajv can be asked."""
    if shutil.which("node") is None:
        return "Node.js is not installed"
    return None if _PACKAGE.exists() else "run `npm ci` in tests/parsers/ajv"


def read(coercion: bool | str, schema: Schema, texts: Sequence[str]) -> list[Reading]:
    """Return what Ajv makes of each text with this value of `coerceTypes`."""
    return ask(["node", str(_FOLDER / "read.js")], {"schema": _enclosed(schema), "coerceTypes": coercion}, texts)


def _enclosed(schema: Schema) -> Json:
    body = {keyword: value for keyword, value in schema.items() if keyword != "$defs"}
    return _plain({"properties": {"body": body}, "$defs": schema.get("$defs", {})})


def _plain(schema: Json) -> Json:
    """Return the schema without `x-` keywords, some of which hold what looks like schemas."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {keyword: _plain(value) for keyword, value in schema.items() if not keyword.startswith("x-")}


_ENFORCED = frozenset({"pattern", "format"})
AJV = Parser("Ajv", version, missing, partial(read, True), enforced=_ENFORCED, settings="coerceTypes: true, strict: false")
AJV_ARRAY = Parser(
    "Ajv with arrays",
    version,
    missing,
    partial(read, "array"),
    enforced=_ENFORCED,
    settings="coerceTypes: array, strict: false",
)
