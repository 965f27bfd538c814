"""Parsing the query: each parameter by its schema; unknown ones are ignored, and of several the last counts, but for arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

import jsonschema_rs

from emulator.validation import validator
from emulator.value_kinds import Kind, shape_of
from openapi.contract import Parameter
from openapi.json_types import Json


class InvalidQuery(ValueError):
    """A parameter is missing or malformed; the text says which and why."""


class QueryReader:
    """Parses the query parameters of one operation."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        self.required = [parameter.name for parameter in parameters if parameter.required]
        self._checks = {parameter.name: _check(parameter) for parameter in parameters}

    def read(self, query_string: bytes) -> dict[str, str]:
        """Return the known parameters as sent. InvalidQuery if one is malformed or a required one is missing."""
        if not query_string and not self.required:
            return {}
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
        found = {name: value for name, value in pairs if name in self._checks}
        for name in found:
            self._checks[name]([value for other, value in pairs if other == name])
        missing = [name for name in self.required if name not in found]
        if missing:
            raise InvalidQuery(f"{missing[0]}: this query parameter is required")
        return found


def _check(parameter: Parameter) -> Callable[[Sequence[str]], None]:
    checker: jsonschema_rs.Draft202012Validator = validator(parameter.schema)
    shape = shape_of(parameter.schema)
    is_list, each = shape.kind is Kind.LIST, _CONVERSIONS.get(shape.each.kind, _as_text)

    def check(texts: Sequence[str]) -> None:
        items = [each(item) for text in texts for item in re.split("[,|]", text)] if is_list else ()
        if not checker.is_valid(list(items) if is_list else value_of(parameter, texts[-1])):
            raise InvalidQuery(f"{parameter.name}: {texts[-1][:80]!r} is not valid")

    return check


def value_of(parameter: Parameter, text: str) -> Json:
    """Return the JSON value that a string in the query stands for; the string itself if it is not of the type."""
    return _CONVERSIONS.get(shape_of(parameter.schema).kind, _as_text)(text)


def _as_text(text: str) -> Json:
    return text


def _boolean(text: str) -> Json:
    return {"true": True, "false": False}.get(text, text)


def _number(text: str) -> Json:
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text


_CONVERSIONS: dict[Kind, Callable[[str], Json]] = {
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _number,
    Kind.FLOAT: _number,
}
