"""Conditions over request and response as data: `when` one holds, `then` another does, or two values are `equal`.

Both are JSON Schemas for a whole, `{"query": …, "body": …, "response": …}`; of `equal`, one JSON Pointer leads into the
response and the other into the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jsonschema_rs

from conformance.checks.echo import equal, seconds_of
from conformance.checks.finding import shown, where
from openapi.json_types import Json, Path, tokens
from openapi.schema.extensions import at
from openapi.schema.oracle import path_of

Violated = tuple[Path, str | None]  # where in the response, and what; None where the conditions hold


@dataclass(frozen=True)
class Conditions:
    """The conditions of one rule, compiled."""

    when: jsonschema_rs.Validator
    then: jsonschema_rs.Validator | None
    equal: Mapping[str, str]

    @staticmethod
    def of(entry: Mapping[str, Json]) -> Conditions:
        """Return the conditions of an entry of `x-exchange-rules`. ValidationError where one is no JSON Schema."""
        then = _validator(entry["then"]) if "then" in entry else None
        return Conditions(_validator(entry.get("when", True)), then, entry.get("equal", {}))

    def are_about(self, whole: Json) -> bool:
        """Return whether the rule is about this request and response."""
        return self.when.is_valid(whole)

    def violated(self, whole: Json) -> Violated:
        """Return the place and the kind of the violation; None for the latter where the conditions hold."""
        return self._unequal(whole) if self.then is None else _first_error(self.then, whole)

    def _unequal(self, whole: dict[str, Json]) -> Violated:
        response, request = at(whole["response"], self.equal["response"]), at(whole, self.equal["request"])
        known = isinstance(response, _JSON) and isinstance(request, _JSON)
        if not known or equal(response, request):
            return (), None
        if seconds_of(response) is not None and seconds_of(response) == seconds_of(request):
            return (), None
        place = self.equal["response"]
        return tokens(
            place
        ), f"{place} of the response is {shown(response)}, {self.equal['request']} of the request {shown(request)}"


_JSON = (str, int, float, list, dict)


def _validator(schema: Json) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(schema)


def _first_error(then: jsonschema_rs.Validator, whole: Json) -> Violated:
    for error in then.iter_errors(whole):
        path = path_of(error, whole)
        return path[1:] if path[:1] == ("response",) else (), f"{where(path)}: {error.message[:300]}"
    return (), None
