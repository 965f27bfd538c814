"""An exchange: a case with the answer it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import orjson

from openapi.json_types import Json
from strategies.case import Case

NOT_JSON = object()


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
        """The body of the answer as a JSON value, or NOT_JSON."""
        try:
            return orjson.loads(self.content)
        except ValueError:
            return NOT_JSON

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300
