"""Security schemes of an operation: where each credential goes, and how it is written there.

OpenAPI lists alternatives, each of which needs all of its schemes together:

    security: [{key: [], client: []}, {token: []}]   ->   key and client, or token alone

A requirement without schemes, `{}`, makes all credentials optional.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openapi.json_types import Json

AUTHORIZATION = "Authorization"
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # the name of a header or cookie (RFC 9110, 5.6.2)
_BEARER = frozenset({"oauth2", "openIdConnect"})  # RFC 6750: their tokens are sent as bearer tokens
_HTTP = {"bearer": "Bearer", "basic": "Basic"}

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A security scheme that can be sent: `location` is header, query or cookie, `name` that of the parameter.

    `scheme` is its name in the description. `prefix` is the word before the credential, such as `Bearer`, empty for an API key.
    `is_basic` says that the credential is `user:password` and is sent in Base64 (RFC 7617).
    """

    scheme: str
    name: str
    location: str
    pointer: str
    prefix: str = ""

    @property
    def parameter(self) -> tuple[str, str]:
        """Return the place of the credential; the names of headers have no case."""
        return self.location, self.name.lower() if self.location == "header" else self.name

    @property
    def is_basic(self) -> bool:
        """Return whether the credential is a user and a password."""
        return self.prefix == _HTTP["basic"]

    def placed(self, value: str) -> tuple[Pairs, Pairs]:
        """Return the headers and the query with a value, as it is to be sent, where the credential belongs."""
        if self.location == "query":
            return (), ((self.name, value),)
        return (("Cookie", f"{self.name}={value}") if self.location == "cookie" else (self.name, value),), ()


Alternatives = tuple[tuple[SecurityScheme, ...], ...]


def scheme_of(name: str, stated: Mapping[str, Json], pointer: str) -> SecurityScheme | None:
    """Return a security scheme of a description; None for one that cannot be sent, such as a client certificate."""
    if stated["type"] == "apiKey":
        return SecurityScheme(name, stated["name"], stated["in"], pointer)
    word = "bearer" if stated["type"] in _BEARER else str(stated.get("scheme", "")).lower()
    if word not in _HTTP or stated["type"] not in ("http", *_BEARER):
        return None
    return SecurityScheme(name, AUTHORIZATION, "header", pointer, _HTTP[word])
