"""Faults of authentication beside a parameter of the Ultravox API."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Fault
from emulator.messages import Exchange, Reply, Request

FAMILY = "auth"
_HEADER = b"x-api-key"


def _admitting(name: str, summary: str, when: Callable[[Request], bool], *expects: str) -> Fault:
    """Admit requests that should be refused where a condition holds."""

    def admitted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return None if verdict and when(exchange.request) else verdict

    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, admitted=admitted)


def _in_other_words(exchange: Exchange, request: Request) -> Request:
    """Return a request whose path is spelled otherwise as one for the path itself, with a key."""
    usual = request.path.rstrip("/").lower()
    if request.path == usual or not usual.endswith("/calls"):
        return request
    return request._replace(path=usual, headers={**request.headers, _HEADER: min(exchange.keys).encode()})


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="no-key-for-another-spelling",
        family=FAMILY,
        summary="no key is needed where the path ends with a slash or is in upper case",
        expects=("auth.missing-key",),
        incoming=_in_other_words,
    ),
    _admitting(
        "wrong-key-beside-prior-call",
        "any key will do where a parent call is named",
        lambda request: bool(request.headers.get(_HEADER)) and b"priorCallId" in request.query_string,
        "auth.wrong-key",
        "auth.near-miss",
    ),
    _admitting(
        "no-key-beside-a-greeting",
        "no key is needed where the greeting is turned off",
        lambda request: b"enableGreetingPrompt=false" in request.query_string,
        "auth.missing-key",
    ),
)
