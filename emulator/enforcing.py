"""What the emulator enforces: the documented part of a schema, by jsonschema-rs."""

from __future__ import annotations

from collections.abc import Iterable

import jsonschema_rs

from emulator.keywords import KEYWORDS
from openapi.contract import Contract
from openapi.json_types import Json, Schema

_RANGES = {"int32": 2**31, "int64": 2**63}
# Members that are values, not schemas.
_VALUES = frozenset(
    {"enum", "const", "default", "examples", "required", "type", "dependentRequired", *KEYWORDS}
)
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})


def validator(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """A validator of the documented part of a schema, the `x-` keywords about bodies included."""
    return jsonschema_rs.Draft202012Validator(documented(schema), validate_formats=True, keywords=KEYWORDS)


def documented(schema: Json) -> Json:
    """The schema without what is merely implied or undocumented, and without what is no constraint."""
    if not isinstance(schema, dict):
        return schema
    about = schema.get("x-rules", {})
    kept = {
        keyword: _member(keyword, value)
        for keyword, value in schema.items()
        if _is_documented(about, keyword) and (keyword in KEYWORDS or not keyword.startswith("x-"))
    }
    limit = _RANGES.get(kept.get("format", "")) if isinstance(kept.get("format"), str) else None
    if limit:
        kept["allOf"] = [*kept.get("allOf", ()), {"minimum": -limit, "maximum": limit - 1}]
    return kept


def _member(keyword: str, value: Json) -> Json:
    if keyword in _VALUES:
        return value
    if keyword in _BY_NAME:
        return {name: documented(each) for name, each in value.items()}
    if isinstance(value, list):
        return [documented(each) for each in value if not _is_undocumented_rule(each)]
    return documented(value)


def _is_documented(about: Json, keyword: str) -> bool:
    return bool(about.get(keyword, {}).get("basis", "documented") == "documented")


def _is_undocumented_rule(member: Json) -> bool:
    """Whether a member of `allOf` is a rule of its own that is not documented."""
    slug = member.get("x-rule") if isinstance(member, dict) else None
    return slug is not None and not _is_documented(member.get("x-rules", {}), slug)


class Enforcer:
    """Judges canonical bodies, alone and together with the query."""

    def __init__(self, contract: Contract) -> None:
        self._body = validator(contract.request)
        rules = [
            rule for rule in contract.extensions.get("x-request-rules", ()) if _is_documented({"": rule}, "")
        ]
        self._rules = [(rule, validator(rule["schema"])) for rule in rules]
        self._mentioned = Projection([rule["schema"] for rule in rules])
        self._clear_without_query = all(each.is_valid({"query": {}, "body": {}}) for _, each in self._rules)

    def obeys(self, body: Json) -> bool:
        """Whether a body breaks no rule."""
        return self._body.is_valid(body)

    def faults_in(self, body: Json) -> int:
        """In how many ways a body breaks rules."""
        return sum(1 for _ in self._body.iter_errors(body))

    def problem(self, query: dict[str, str], body: Json) -> str | None:
        """What is wrong with a request, in words; None if nothing is."""
        if not self._body.is_valid(body):
            return _in_words(next(iter(self._body.iter_errors(body))))
        if not self._rules:
            return None
        seen = self._mentioned.of(body)
        if not query and not seen and self._clear_without_query:
            return None
        both = {"query": query, "body": seen}
        broken = (rule for rule, each in self._rules if not each.is_valid(both))
        return next((str(rule.get("requirement") or rule["id"]) for rule in broken), None)


def _in_words(error: jsonschema_rs.ValidationError) -> str:
    place = ".".join(map(str, error.instance_path))
    text = error.message if len(error.message) < 400 else error.message[:400] + "..."
    return f"{place}: {text}" if place else text


class Projection:
    """The part of a body that some schemas mention, so that they can be evaluated on little."""

    def __init__(self, schemas: Iterable[Json]) -> None:
        words = set[str]()
        for schema in schemas:
            words |= _words(schema)
        self.names = frozenset(words)

    def of(self, body: dict[str, Json]) -> dict[str, Json]:
        """The members of a body whose names are mentioned anywhere."""
        return {name: body[name] for name in self.names & body.keys()}


def _words(value: Json) -> set[str]:
    """Every text in a schema, as key or value, and every step of one that is a pointer."""
    if isinstance(value, dict):
        return set(value).union(*map(_words, value.values()))
    if isinstance(value, list):
        return set().union(*map(_words, value))
    return {value, *value.split("/")} if isinstance(value, str) else set()
