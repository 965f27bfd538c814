"""Checks of one's own in a YAML file: conditions over request and response, as in `x-exchange-rules`.

    - id: acme.size-is-shown
      level: MUST
      sentence: A box with a size MUST show it.
      when: {properties: {body: {required: [size]}}}
      then: {properties: {response: {required: [size]}}}

`when` and `then` are JSON Schemas for `{"query", "body", "status", "headers", "response"}`, header names in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jsonschema_rs
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from conformance.checks.conditions import Conditions
from openapi.json_types import Json
from openapi.own_checks import About, Observed, OwnCheck, OwnCheckError, Problem, rule_of

_Condition = dict[str, Any] | bool


class _Equal(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    response: str
    request: str


class _Entry(BaseModel):
    """An entry of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    level: str = "MUST"
    sentence: str
    about: Literal["created", "refused", "any"] = "created"
    basis: str = "documented"
    when: _Condition = True
    then: _Condition | None = None
    equal: _Equal | None = None

    @model_validator(mode="after")
    def _is_one(self) -> _Entry:
        if (self.then is None) == (self.equal is None):
            raise ValueError("give one of then and equal")
        return self


_ENTRIES = TypeAdapter(list[_Entry])


def checks_of_data(file: Path) -> list[OwnCheck]:
    """Return the checks that a YAML file states. OwnCheckError if it cannot be read, or a condition is no JSON Schema."""
    try:
        loaded = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        entries = _ENTRIES.validate_python(loaded)
    except OSError as error:
        raise OwnCheckError(f"{file}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise OwnCheckError(f"{file}: it is no YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        place = ".".join(str(each) for each in problem["loc"])
        raise OwnCheckError(f"{file}: {place}: {problem['msg'].removeprefix('Value error, ')}") from None
    if not entries:
        raise OwnCheckError(f"{file}: it states no check")
    try:
        return [_check(each, file) for each in entries]
    except OwnCheckError as error:
        raise OwnCheckError(f"{file}: {error}") from error


def _check(entry: _Entry, file: Path) -> OwnCheck:
    try:
        conditions = Conditions.of(entry.model_dump(exclude_none=True))
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        problem = str(error).splitlines()[0]
        raise OwnCheckError(f"{entry.id}: a condition is no JSON Schema that stands alone: {problem}") from error
    rule = rule_of(entry.id, entry.level, entry.sentence, basis=entry.basis, source=f"{file}#{entry.id}")
    judge = _Judge(conditions)
    return OwnCheck(rule, judge.problems, About(entry.about), judge.is_about, str(file))


@dataclass(frozen=True)
class _Judge:
    """The function of an entry."""

    conditions: Conditions

    def is_about(self, exchange: Observed) -> bool:
        """Return whether `when` holds."""
        return self.conditions.are_about(_whole(exchange))

    def problems(self, exchange: Observed) -> list[Problem]:
        """Return what `then` or `equal` refuses."""
        _, problem = self.conditions.violated(_whole(exchange))
        return [] if problem is None else [Problem(problem)]


def _whole(exchange: Observed) -> Mapping[str, Json]:
    return {
        "query": dict(exchange.query),
        "body": exchange.body,
        "status": exchange.status,
        "headers": dict(exchange.headers),
        "response": exchange.json,
    }
