"""Authentication: requests must carry a known key where the description places it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from emulator.messages import Reply, Request, refusal
from emulator.variants import Variant
from openapi.contract import ApiKey


class Admission(Enum):
    """The outcome of looking for a key in a request."""

    ADMITTED = auto()
    MISSING = auto()
    INVALID = auto()


class Doorkeeper:
    """Admits requests that carry one of `keys` where a documented scheme has it; all requests if there is no scheme."""

    def __init__(self, schemes: tuple[ApiKey, ...], keys: frozenset[str], variant: Variant) -> None:
        self.keys = keys
        self._keys = [_encoded(key) for key in keys]
        self._carried = [_LOCATIONS[scheme.location](scheme.name) for scheme in schemes]
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
        if not self._carried:
            return Admission.ADMITTED
        carried = [key for each in self._carried if (key := each(request)) is not None]
        if any(map(self._is_key, carried)):
            return Admission.ADMITTED
        return Admission.INVALID if carried else Admission.MISSING

    def _is_key(self, carried: str) -> bool:
        # Each comparison takes constant time and none is left out, so that the time tells nothing about any key.
        return sum(compare_digest(_encoded(carried), key) for key in self._keys) > 0


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
