"""The contract of one endpoint: description and overlays in one normal form.

Its schemas are self-contained JSON Schema 2020-12 (`#/$defs/...`), whatever version of OpenAPI they came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openapi.contract_data import ANONYMOUS, DEFAULT_VARIABLE, ContractData
from openapi.json_types import Json, Schema, pointer
from openapi.media_types import JSON, is_in
from openapi.security import Alternatives, SecurityScheme


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter of the operation; `pointer` is where it stands in the description."""

    name: str
    schema: Schema
    required: bool
    description: str
    pointer: str


@dataclass(frozen=True, slots=True)
class PathOperation:
    """An operation on one created object: `path` is a template with one variable, such as `/things/{id}`.

    `headers` are the header parameters that it needs, as pairs. `shows` are the members that its response is to have.
    """

    path: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    shows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """A document that the contract was read from, its bytes and their SHA-256; `name` is without credentials."""

    name: str
    digest: str
    content: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True)
class Contract:
    """The promises of the endpoint.

    `request` and `response` are self-contained JSON Schemas with their definitions under `$defs`.
    `data` is what the contract's folder states beside the description. `status` is the first documented status of success,
    `statuses` are all of them as documented (`201`, `2XX`). `media_type` is that of requests, `response_media_type` that of
    responses or their range, None where no content is described.
    `template` is the path as the document spells it, `path` the same with its variables filled in; `headers` and `query` are
    parameters that every request carries. `linked` is the JSON Pointer of an object's id, None where no link states it.
    `security` holds the alternatives that can be sent; an empty one among them makes
    credentials optional. `origins` maps each name in `$defs` to the pointer it came from
    (`description.yaml#/components/schemas/X`). `extensions` holds the operation's `x-` members. `notes` are lines for the
    user: overlay actions that matched nothing, keywords that are not understood. `document` is the description with the
    overlays applied, for other tools to read. `is_own` says that the description is the contract's own.
    `described` are all statuses that it has for the operation.
    """

    title: str
    version: str
    method: str
    path: str
    status: int
    media_type: str
    server: str
    request: Schema
    request_required: bool
    response: Schema
    parameters: tuple[Parameter, ...]
    security: Alternatives
    read: PathOperation | None
    delete: PathOperation | None
    listing: PathOperation | None
    extensions: Mapping[str, Json]
    origins: Mapping[str, str]
    description: Source
    overlays: tuple[Source, ...]
    notes: tuple[str, ...]
    document: Mapping[str, Json]
    data: ContractData = ANONYMOUS
    template: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    statuses: tuple[str, ...] = ()
    response_media_type: str | None = JSON
    linked: str | None = None
    described: frozenset[str] = frozenset()
    is_own: bool = field(default=True, compare=False)

    def is_created(self, status: int) -> bool:
        """Return whether a status is documented as that of success."""
        return status == self.status or any(_covers(each, status) for each in self.statuses)

    def is_described(self, media_type: str) -> bool:
        """Return whether the response to a valid request may have a content type."""
        return self.response_media_type is None or is_in(media_type, self.response_media_type)

    @property
    def keys(self) -> tuple[SecurityScheme, ...]:
        """Return the schemes that every request carries: the first alternative with credentials that the contract states."""
        chosen = [each for each in self.security if each]
        stated = [each for each in chosen if all(scheme.scheme in self.data.credentials for scheme in each)]
        return next(iter((*stated, *chosen)), ())

    @property
    def key_variable(self) -> str:
        """Return the environment variable that holds the first credential."""
        return self.variable_of(self.keys[0]) if self.keys else DEFAULT_VARIABLE

    def variable_of(self, scheme: SecurityScheme) -> str:
        """Return the environment variable that holds a credential."""
        return self.data.variable_of(scheme.scheme, is_first=scheme in self.keys[:1])

    @property
    def identifier(self) -> str | None:
        """Return the JSON Pointer of an object's id in the response, where the contract or its description states it."""
        stated = self._stated_identifier
        return self.linked if stated is None else stated

    @property
    def is_linked(self) -> bool:
        """Return whether it is a link that states where an object's id is."""
        return self.linked is not None and self._stated_identifier is None

    @property
    def _stated_identifier(self) -> str | None:
        parent = self.extensions.get("x-parent-call") or {}
        return pointer(str(parent["identifier"])) if "identifier" in parent else self.data.created.identifier


def _covers(documented: str, status: int) -> bool:
    """Return whether a documented status of success (`201`, `2XX`, `default`) is, or stands for, a status."""
    is_range = documented.upper() == "2XX" or documented == "default"
    return 200 <= status < 300 if is_range else documented == str(status)
