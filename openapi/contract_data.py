"""The data of one contract: everything about an API that its description cannot say, as `contract.yaml` states it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openapi.json_types import Json


@dataclass(frozen=True, slots=True)
class OperationName:
    """An operation of a description: its method in upper case and its path template."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class TagPlace:
    """Where a run marks what it creates: a `key` in a `member` of the body that is a map of strings."""

    member: str
    key: str


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long an object lives by itself: a `member` of the body that is a number or a duration, short up to `value`.

    `changes` are pointers to the members of a response that may change when it ends.
    """

    member: str
    value: Json
    changes: tuple[str, ...] = ()

    def is_long(self, body: Json) -> bool:
        """Return whether an object lives long that a body asks for, or a response shows."""
        given = _amount(body.get(self.member)) if isinstance(body, dict) else None
        bound = _amount(self.value)
        return given is not None and bound is not None and given > bound

    def changed(self, response: Json, seconds: float) -> tuple[str, ...]:
        """Return the pointers to what may have changed since an object was shown so, which exists for at most so long."""
        given = _amount(response.get(self.member)) if isinstance(response, dict) else None
        return self.changes if given is not None and given <= seconds + _IN_TIME else ()

    def shortened(self, body: Json) -> Json:
        """Return the body of an object that lives short, else the same."""
        return {**body, self.member: self.value} if self.is_long(body) else body


_IN_TIME = 1.0  # second within which an object may end too early
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")


def _amount(value: Json) -> float | None:
    """Return the number that a value is, or that a text begins with."""
    found = _AMOUNT.match(value) if isinstance(value, str) else None
    if found is not None:
        return float(found[0])
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Listing:
    """The operation that lists created objects with a tag.

    `filter` is the query parameter that selects by the tag, `size` that for the size of a page. `items` and `next` are pointers
    to the objects and to the URL of the next page in a response.
    """

    operation: OperationName
    filter: str
    items: str
    next: str | None = None
    size: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedObject:
    """The object that the operation creates.

    `noun` names it in sentences. `identifier` is the JSON Pointer of its id in a response, None where it is derived.
    `server_made` are pointers to members that the server makes. `unique` maps pointers to the rules that say that no two
    objects share the value. `secret` are pointers to members that let their holder in, which no report shows.
    `parent` is the query parameter that names an earlier object. `read` and `delete` are None where they are derived.
    `lifetime` is how long one lives by itself. `tag` is where a run marks what it creates, `listing` how that is found again;
    None where nothing is known to serve.
    """

    noun: str = "object"
    identifier: str | None = None
    server_made: tuple[str, ...] = ()
    unique: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, ...] = ()
    read: OperationName | None = None
    delete: OperationName | None = None
    parent: str | None = None
    lifetime: Lifetime | None = None
    tag: TagPlace | None = None
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A value for a parameter of the operation; read from the environment where `variable` names a variable."""

    value: str | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class BodyFormat:
    """How the server is known to read bodies: `format` (protobuf), how sure that is, and why."""

    format: str
    confidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Credential:
    """Where the credential for one security scheme comes from: an environment variable."""

    variable: str


@dataclass(frozen=True, kw_only=True)
class ContractData:
    """The data of one contract; without arguments that of an anonymous one, of which only a description is known.

    `name` is what the user called it. `description` and `overlays` are paths or URLs with the names to show for them.
    `served_at` is the path at which the server publishes its description, None if it is not known to do so.
    The files `requirements`, `protocol`, `tolerances`, `probes`, `inventions` and the folder `faults` may be missing.
    """

    name: str = ""
    title: str = ""
    operation: OperationName | None = None
    description: tuple[str, str] | None = None
    overlays: tuple[tuple[str, str], ...] = ()
    served_at: str | None = None
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    created: CreatedObject = field(default_factory=CreatedObject)
    seed: Json = None
    reads: BodyFormat | None = None
    requirements: Path | None = None
    protocol: Path | None = None
    tolerances: Path | None = None
    probes: Path | None = None
    inventions: Path | None = None
    faults: Path | None = None

    def variable_of(self, scheme: str, *, is_first: bool = True) -> str:
        """Return the environment variable that holds the credential for a security scheme.

        Where the contract states none it is `API_KEY`, and `API_KEY_NAME` for a further scheme called `name`.
        """
        if scheme in self.credentials:
            return self.credentials[scheme].variable
        return DEFAULT_VARIABLE if is_first else f"{DEFAULT_VARIABLE}_{re.sub('[^A-Z0-9]', '_', scheme.upper())}"


DEFAULT_VARIABLE = "API_KEY"
"""The environment variable of a credential that no contract names."""

ANONYMOUS = ContractData()
