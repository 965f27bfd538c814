"""Faults of the doorkeeper: it lets the wrong ones in, or the right ones not."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from emulator.fault import Fault
from emulator.messages import Exchange, Reply, Request, refusal

FAMILY = "auth"
_HEADER = b"x-api-key"


def _admitting(name: str, summary: str, when: Callable[[Request, frozenset[str]], bool], *expects: str) -> Fault:
    """Admits requests that should be refused, when something is true of them."""

    def admitted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return None if verdict and when(exchange.request, exchange.keys) else verdict

    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, admitted=admitted)


def _shown(request: Request) -> str:
    return request.headers.get(_HEADER, b"").decode("latin-1")


def _access_header(request: Request, keys: frozenset[str]) -> bool:
    return request.headers.get(b"x-access-token", b"").decode("latin-1") in keys


def _near_miss(name: str, summary: str, when: Callable[[str, str], bool], *more: str) -> Fault:
    """Admits keys that stand in some relation to a right one: `when(shown, right)`."""
    return _admitting(
        name,
        summary,
        lambda request, keys: bool(_shown(request)) and any(when(_shown(request), key) for key in keys),
        "auth.near-miss",
        *more,
    )


def _token(request: Request, keys: frozenset[str]) -> bool:
    return request.headers.get(b"authorization", b"").decode("latin-1").removeprefix("Token ") in keys


def _bearer(request: Request, keys: frozenset[str]) -> bool:
    return request.headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ") in keys


def _cookie(request: Request, keys: frozenset[str]) -> bool:
    return any(key in request.headers.get(b"cookie", b"").decode("latin-1") for key in keys)


def _query(request: Request, keys: frozenset[str]) -> bool:
    values = parse_qs(request.query_string.decode("latin-1")).values()
    return any(value in keys for found in values for value in found)


def _form(key: str) -> list[str]:
    return ["." if each == "." else "x" if each.isalnum() else each for each in key]


def _only(
    method: str, when: Callable[[Request, frozenset[str]], bool] = lambda _request, _keys: True
) -> Callable[[Request, frozenset[str]], bool]:
    return lambda request, keys: request.method == method and when(request, keys)


def _first_part(request: Request, keys: frozenset[str]) -> bool:
    return any(_shown(request)[:9] == key[:9] for key in keys)


def _like(shown: str, key: str) -> bool:
    """Whether SQL's LIKE finds a key by what was shown."""
    pattern = "".join({"%": ".*", "_": "."}.get(each, re.escape(each)) for each in shown)
    return bool({"%", "_"} & set(shown)) and re.fullmatch(pattern, key) is not None


def _local(request: Request, _keys: frozenset[str]) -> bool:
    return request.headers.get(b"x-forwarded-for") == b"127.0.0.1"


def _access_token(request: Request, keys: frozenset[str]) -> bool:
    return any(f"access_token={key}".encode() in request.query_string for key in keys)


def _refused_as(name: str, status: int) -> Fault:
    return Fault(
        name=name,
        family=FAMILY,
        summary=f"who shows no right key is refused with {status}",
        expects=("auth.*",) if status < 500 else ("robustness.server-error",),
        admitted=lambda _, verdict: refusal(status, "Not found.") if verdict else None,
    )


FAULTS: tuple[Fault, ...] = (
    _admitting(
        "no-key-needed",
        "no key is needed",
        lambda request, _: _HEADER not in request.headers,
        "auth.missing-key",
    ),
    _admitting(
        "no-key-beside-a-large-body",
        "no key is needed for a body of more than 16,000 bytes",
        lambda request, _: _HEADER not in request.headers and len(request.body) > 16_000,
        "auth.missing-key",
    ),
    _admitting(
        "no-key-beside-a-body",
        "no key is needed for a body that is not empty",
        lambda request, _: _HEADER not in request.headers and len(request.body) > len("{}"),
        "auth.missing-key",
        "auth.key-elsewhere",
    ),
    _admitting(
        "any-key",
        "any key will do",
        lambda request, _: bool(_shown(request)),
        "auth.wrong-key",
        "auth.near-miss",
    ),
    _admitting(
        "key-without-what-is-not-ascii",
        "letters beyond ASCII are taken out of a key",
        lambda request, keys: _shown(request).encode("ascii", "ignore").decode() in keys,
        "auth.near-miss",
    ),
    _admitting(
        "long-key", "a key of more than 256 characters will do", lambda request, _: len(_shown(request)) > 256, "auth.*"
    ),
    _admitting(
        "wrong-key-beside-prior-call",
        "any key will do where a prior call is named",
        lambda request, _: bool(_shown(request)) and b"priorCallId" in request.query_string,
        "auth.wrong-key",
        "auth.near-miss",
    ),
    _admitting("empty-key", "an empty key will do", lambda request, _: request.headers.get(_HEADER) == b"", "auth.*"),
    _admitting(
        "well-formed-key",
        "any key of the right form will do",
        lambda request, keys: any(_form(_shown(request)) == _form(key) for key in keys),
        "auth.wrong-key",
        "auth.near-miss",
    ),
    _near_miss("key-prefix", "the beginning of a key will do", lambda shown, key: key.startswith(shown)),
    _near_miss("key-first-part", "eight characters of a key are compared", lambda shown, key: shown[:8] == key[:8]),
    _near_miss("key-with-suffix", "a key may be followed by anything", lambda shown, key: shown.startswith(key)),
    _near_miss("key-any-case", "the case of a key does not matter", lambda shown, key: shown.lower() == key.lower()),
    _near_miss("key-trimmed", "a key may stand in quotes", lambda shown, key: shown.strip("\"'") == key, "auth.*"),
    _near_miss(
        "key-last-character",
        "the last character of a key is not compared",
        lambda s, k: s[:-1] == k[:-1] and len(s) == len(k),
    ),
    _near_miss(
        "key-character-in-the-middle",
        "one character in the middle of a key is not compared",
        lambda s, k: s != k and (s[: len(k) // 2], s[len(k) // 2 + 1 :]) == (k[: len(k) // 2], k[len(k) // 2 + 1 :]),
    ),
    _near_miss("key-length", "only the length of a key is compared", lambda s, k: len(s) == len(k), "auth.wrong-key"),
    _near_miss(
        "key-among-others",
        "one of several keys with commas between will do",
        lambda shown, key: key in shown.split(","),
    ),
    _admitting("key-as-bearer", "a key will do as bearer token", _bearer, "auth.key-elsewhere"),
    _admitting("key-as-token", "a key will do as it is written for Django's token scheme", _token, "auth.key-elsewhere"),
    _admitting(
        "no-key-beside-a-greeting",
        "no key is needed where the greeting is turned off",
        lambda request, _: b"enableGreetingPrompt=false" in request.query_string,
        "auth.missing-key",
    ),
    _admitting("key-in-query", "a key will do in the query", _query, "auth.key-elsewhere"),
    _admitting("key-in-cookie", "a key will do in a cookie", _cookie, "auth.key-elsewhere"),
    _admitting(
        "no-body-no-key",
        "what has no body needs no key",
        lambda request, _: request.method == "POST" and not request.body,
        "auth.missing-key",
    ),
    _admitting("read-without-key", "reading needs no key", _only("GET"), "auth.read"),
    _admitting("delete-without-key", "deleting needs no key", _only("DELETE"), "auth.delete"),
    _admitting(
        "read-with-any-key",
        "reading needs a key, but not a right one",
        lambda request, _: request.method == "GET" and _HEADER in request.headers,
        "auth.read",
    ),
    _near_miss("key-behind-a-word", "a key may stand behind a word", lambda shown, key: shown.split(" ")[-1] == key),
    _near_miss("key-found-by-like", "keys are looked up by a pattern of SQL", _like, "auth.wrong-key"),
    _admitting("read-with-first-part", "to read, the first part of a key will do", _only("GET", _first_part), "auth.read"),
    _admitting("delete-as-bearer", "to delete, a key will do as bearer token", _only("DELETE", _bearer), "auth.delete"),
    _admitting("read-key-in-query", "to read, a key will do in the query", _only("GET", _query), "auth.read"),
    _admitting(
        "bearer-beside-another-key",
        "a key will do as bearer token beside another key",
        lambda request, keys: bool(_shown(request)) and _bearer(request, keys),
        "auth.key-elsewhere",
        "auth.read",
        "auth.delete",
    ),
    _near_miss(
        "key-as-pattern", "a key is a pattern, in which a dot stands for anything", lambda s, k: bool(re.fullmatch(k, s))
    ),
    _admitting("key-in-access-header", "a key will do as X-Access-Token", _access_header, "auth.*"),
    _admitting("key-as-access-token", "a key will do as access_token in the query", _access_token, "auth.*"),
    _admitting("no-key-from-itself", "no key is needed by what says it comes from the server itself", _local, "auth.*"),
    _refused_as("unknown-as-404", 404),
    _refused_as("unknown-as-400", 400),
    _refused_as("unknown-as-500", 500),
)
