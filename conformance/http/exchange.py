"""An exchange: a case with the answer it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from conformance.http.json_body import NOT_JSON as NOT_JSON
from conformance.http.json_body import json_of
from openapi.json_types import Json
from strategies.case import Case


@dataclass(frozen=True)
class Exchange:
    """A case with its answer. `status` is 0 and `error` says why where none came; times are seconds."""

    case: Case
    number: int
    status: int
    headers: dict[str, str]
    content: bytes
    seconds: float
    at: float
    error: str | None = None
    attempts: tuple[int, ...] = field(default=())

    @cached_property
    def json(self) -> Json:
        """The body of the response as a JSON value, or NOT_JSON."""
        return json_of(self.content)

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300
