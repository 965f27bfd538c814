"""Who may come in: whoever shows a known key where the description wants it."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from emulator.messages import Reply, Request, refusal
from emulator.variants import Variant
from openapi.contract import ApiKey


class Doorkeeper:
    """Admits requests that show one of `keys` by a documented scheme; all of them if no scheme is."""

    def __init__(self, schemes: tuple[ApiKey, ...], keys: frozenset[str], variant: Variant) -> None:
        self.keys = keys
        self._shown = [_LOCATIONS[scheme.location](scheme.name) for scheme in schemes]
        self._no_key = refusal(variant.no_key_status, "Authentication credentials were not provided.")
        self._invalid_key = refusal(variant.invalid_key_status, "Invalid API key")

    def refuses(self, request: Request) -> Reply | None:
        """The refusal of a request, or None if it is admitted."""
        if not self._shown:
            return None
        invalid = False
        for shown in self._shown:
            key = shown(request)
            if key in self.keys:
                return None
            invalid = invalid or key is not None
        return self._invalid_key if invalid else self._no_key


def _header(name: str) -> Callable[[Request], str | None]:
    wanted = name.lower().encode()

    def shown(request: Request) -> str | None:
        value = request.headers.get(wanted)
        return None if value is None else value.decode("latin-1")

    return shown


def _query(name: str) -> Callable[[Request], str | None]:
    return lambda request: parse_qs(request.query_string.decode("latin-1")).get(name, [None])[-1]


def _cookie(name: str) -> Callable[[Request], str | None]:
    def shown(request: Request) -> str | None:
        try:
            found = SimpleCookie((request.headers.get(b"cookie", b"")).decode("latin-1")).get(name)
        except CookieError:
            return None
        return found.value if found else None

    return shown


_LOCATIONS = {"header": _header, "query": _query, "cookie": _cookie}
