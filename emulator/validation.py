"""Validation of requests: the emulator enforces the documented part of a schema, by jsonschema-rs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import jsonschema_rs

from emulator.extension_keywords import KEYWORDS, checks_of
from emulator.identity import by_identity
from emulator.parsing.canonical import canonical_schema
from emulator.parsing.joining import joined
from emulator.value_kinds import INLINED, shape_of
from openapi.contract import Contract
from openapi.json_types import Json, Schema
from openapi.schema.extensions import REFERENCES

Validator: TypeAlias = jsonschema_rs.Draft202012Validator
_RANGES = {"int32": 2**31, "int64": 2**63}
# Keywords whose value is no schema, so that names in it are no keywords.
_VALUES = frozenset({"enum", "const", "default", "examples", "required", "type", "dependentRequired", REFERENCES, *KEYWORDS})
_KEPT = frozenset({INLINED, REFERENCES, *KEYWORDS})
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})


@by_identity(128)
def validator(schema: Schema) -> Validator:
    """Return a validator of the documented part of a schema."""
    return Validator(documented(schema), validate_formats=True)


@by_identity(64)
def documented(schema: Json) -> Json:
    """Return the schema without implied and undocumented rules, and without annotations."""
    return _documented(schema)


def _documented(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    about = schema.get("x-rules", {})
    kept = {
        keyword: _member(keyword, value)
        for keyword, value in schema.items()
        if _is_documented(about, keyword) and (keyword in _KEPT or not keyword.startswith("x-"))
    }
    limit = _RANGES.get(kept.get("format", "")) if isinstance(kept.get("format"), str) else None
    if limit:
        kept["allOf"] = [*kept.get("allOf", ()), {"minimum": -limit, "maximum": limit - 1}]
    if "allOf" in kept and not kept["allOf"]:  # every member was a rule that is not documented
        del kept["allOf"]
    return kept


def _member(keyword: str, value: Json) -> Json:
    if keyword in _VALUES:
        return value
    if keyword in _BY_NAME:
        return {name: _documented(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_documented(each) for each in value if not _is_undocumented_rule(each)]
    return _documented(value)


def as_documented(schema: Json) -> Json:
    """Return the schema with all its rules as documented ones, whatever their basis."""
    if isinstance(schema, list):
        return [as_documented(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: value if keyword in _VALUES else as_documented(value)
        for keyword, value in schema.items()
        if keyword != "x-rules"
    }


def _is_documented(about: Json, keyword: str) -> bool:
    return bool(about.get(keyword, {}).get("basis", "documented") == "documented")


def _is_undocumented_rule(member: Json) -> bool:
    """Return whether a member of `allOf` is a rule of its own that is not documented."""
    slug = member.get("x-rule") if isinstance(member, dict) else None
    return slug is not None and not _is_documented(member.get("x-rules", {}), slug)


@by_identity(64)
def plain_schema(contract: Contract) -> dict[str, Json]:
    """Return the schema of bodies that are canonical as sent, violate no documented rule, and fit into a response."""
    reported = documented(contract.request)
    plain = canonical_schema(shape_of(contract.request), shape_of(reported))
    bounds = _response_bounds(contract)
    members = plain.get("properties", {})
    members.update({name: joined(members[name], [bounds.pop(name)]) for name in members.keys() & bounds.keys()})
    definitions = {**reported.get("$defs", {}), **plain.pop("$defs")}
    return {**joined(plain, [{"properties": bounds}] if bounds else []), "$defs": definitions}


@by_identity(64)
def plain_validator(contract: Contract) -> Validator:
    """Return a validator for `plain_schema`."""
    return Validator(plain_schema(contract), validate_formats=True)


class Enforcer:
    """Validates canonical bodies, alone and together with the query."""

    def __init__(self, contract: Contract) -> None:
        self._body = validator(contract.request)
        self._at_once = plain_validator(contract)
        self._checks = checks_of(documented(contract.request))
        self._response_bounds = response_bounds(contract)
        self._rules = [
            _RequestRule(rule) for rule in contract.extensions.get("x-request-rules", ()) if _is_documented({"": rule}, "")
        ]

    def is_plain(self, sent: Json) -> bool:
        """Return whether a value as sent is canonical, violates no rule of its schema, and fits into a response."""
        return self._at_once.is_valid(sent) and not (self._checks and self._checks(sent))

    def is_valid(self, body: Json) -> bool:
        """Return whether a body violates no rule."""
        return self._body.is_valid(body) and self._problem_alongside(body) is None

    def faults_in(self, body: Json) -> int:
        """Return the number of violations in a body."""
        return sum(1 for _ in self._body.iter_errors(body)) + (self._problem_alongside(body) is not None)

    def problem(self, query: dict[str, str], body: Json, *, plain: bool = False) -> str | None:
        """Return the first violation of a request in words, None if there is none; `plain` if the body is known to be so."""
        if not plain:
            if not self._body.is_valid(body):
                return _in_words(next(iter(self._body.iter_errors(body))))
            if problem := self._problem_alongside(body):
                return problem
        request = {"query": query, "body": body}
        for rule in self._rules:
            if rule.is_violated(request):
                return rule.requirement
        return None

    def _problem_alongside(self, body: Json) -> str | None:
        """Return the first violation of an `x-` keyword or of a bound in the response, in words; None if there is none."""
        problem = self._checks(body) if self._checks else None
        if problem is None and self._response_bounds:
            problem = self._response_bounds.problem(body)
        return problem


class _RequestRule:
    """One of the `x-request-rules`."""

    def __init__(self, rule: Mapping[str, Json]) -> None:
        self.requirement = str(rule.get("requirement") or rule["id"])
        self._validator = validator(rule["schema"])

    def is_violated(self, request: dict[str, Json]) -> bool:
        """Return whether a request, as an object of `query` and `body`, violates the rule."""
        return not self._validator.is_valid(request)


class ResponseBounds:
    """Validates the members that have bounds in the response only, and converts no others for the validator."""

    def __init__(self, bounds: Mapping[str, Json]) -> None:
        self._names = list(bounds)
        self._validator = validator({"properties": bounds})

    def problem(self, body: Json) -> str | None:
        """Return the first member that does not fit into a response, in words; None if all do."""
        bound = {name: body[name] for name in self._names if name in body}
        if not bound or self._validator.is_valid(bound):
            return None
        return _in_words(next(iter(self._validator.iter_errors(bound))))


@by_identity(64)
def response_bounds(contract: Contract) -> ResponseBounds | None:
    """Return the validator of members that have bounds in the response only; None if there are none."""
    bounds = _response_bounds(contract)
    return ResponseBounds(bounds) if bounds else None


def _response_bounds(contract: Contract) -> dict[str, Schema]:
    """Return by name the schemas that are implied for a request field, but documented for that field of the response.

    A server that took a value for which its own response has no room could not keep every promise.
    """
    stated, enforced = (
        shape_of(contract.request).properties,
        shape_of(documented(contract.request)).properties,
    )
    shown = shape_of(documented(contract.response)).properties
    implied = {
        name: {
            keyword: limit
            for keyword, limit in stated[name].keywords.items()
            if keyword in _BOUNDS and keyword not in enforced[name].keywords and shown[name].keywords.get(keyword) == limit
        }
        for name in stated.keys() & shown.keys()
    }
    return {name: keywords for name, keywords in implied.items() if keywords}


_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "maxProperties")


def _in_words(error: jsonschema_rs.ValidationError) -> str:
    """Return what is invalid and where, without quoting a schema or a large value."""
    place = ".".join(map(str, error.instance_path))
    # The message of these quotes the schema, which is no use to whoever wrote the body.
    unworded = isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Not | jsonschema_rs.ValidationErrorKind.FalseSchema)
    text = "this value or combination of members is not allowed" if unworded else error.message
    text = text if len(text) < _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."
    return f"{place}: {text}" if place else text


_LONGEST_MESSAGE = 400  # characters
