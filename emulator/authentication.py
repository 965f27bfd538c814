"""Authentication: requests must carry a known key where the description places it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from emulator.messages import Reply, Request, refusal
from emulator.variants import Variant
from openapi.security import Alternatives, SecurityScheme


class Admission(Enum):
    """The outcome of looking for a key in a request."""

    ADMITTED = auto()
    MISSING = auto()
    INVALID = auto()


class Doorkeeper:
    """Admits requests that carry one of `keys` for each scheme of an alternative.

    It admits all requests if there is no alternative, or an empty one. A basic credential is compared as `user:password`.
    `own` are schemes by name that only one of the keys is for.
    """

    def __init__(
        self, alternatives: Alternatives, keys: frozenset[str], variant: Variant, own: Mapping[str, str] | None = None
    ) -> None:
        self.keys = keys
        known = {name: [_encoded(key)] for name, key in (own or {}).items()}
        usual = [_encoded(key) for key in keys]
        self._alternatives = [
            [(reader_of(scheme), known.get(scheme.scheme, usual)) for scheme in alternative] for alternative in alternatives
        ]
        self._refusals = {
            Admission.ADMITTED: None,
            Admission.MISSING: refusal(variant.no_key_status, "Authentication credentials were not provided."),
            Admission.INVALID: refusal(variant.invalid_key_status, "Invalid API key"),
        }

    def refuses(self, request: Request) -> Reply | None:
        """Return the refusal of a request, None if it is admitted."""
        return self._refusals[self.admission(request)]

    def admission(self, request: Request) -> Admission:
        """Return whether a request carries one of the keys, another one, or none."""
        carried = [[(read(request), known) for read, known in alternative] for alternative in self._alternatives]
        if not carried or any(all(key is not None and _is_key(key, known) for key, known in keys) for keys in carried):
            return Admission.ADMITTED
        is_complete = any(all(key is not None for key, _ in keys) for keys in carried)
        return Admission.INVALID if is_complete else Admission.MISSING


def _is_key(carried: str, keys: Sequence[bytes]) -> bool:
    # Each comparison takes constant time and none is left out, so that the time says nothing about any key.
    return sum(compare_digest(_encoded(carried), key) for key in keys) > 0


def reader_of(scheme: SecurityScheme) -> Callable[[Request], str | None]:
    """Return a function that reads the credential for a scheme from a request: None where there is none, or another kind."""
    read = _LOCATIONS[scheme.location](scheme.name)
    if not scheme.prefix:
        return read

    def credential(request: Request) -> str | None:
        # RFC 9110, 11.1: the name of the scheme is case-insensitive.
        word, _, value = (read(request) or "").partition(" ")
        if word.lower() != scheme.prefix.lower():
            return None
        return _decoded(value) if scheme.is_basic else value.lstrip(" ")

    return credential


def _decoded(value: str) -> str:
    """Return user and password of a basic credential; empty where it is not in Base64."""
    try:
        return b64decode(value, validate=True).decode("utf-8", "surrogateescape")
    except ValueError:
        return ""


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _header(name: str) -> Callable[[Request], str | None]:
    wanted = name.lower().encode()

    def carried(request: Request) -> str | None:
        value = request.headers.get(wanted)
        return None if value is None else value.decode("latin-1")

    return carried


def _query(name: str) -> Callable[[Request], str | None]:
    return lambda request: parse_qs(request.query_string.decode("latin-1")).get(name, [None])[-1]


def _cookie(name: str) -> Callable[[Request], str | None]:
    def carried(request: Request) -> str | None:
        try:
            found = SimpleCookie((request.headers.get(b"cookie", b"")).decode("latin-1")).get(name)
        except CookieError:
            return None
        return found.value if found else None

    return carried


_LOCATIONS = {"header": _header, "query": _query, "cookie": _cookie}
