"""Faults in authentication: requests are admitted without an accepted key, or refused in an undocumented way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import parse_qs

from emulator.authentication import reader_of
from emulator.fault import Fault
from emulator.messages import Exchange, Reply, Request, refusal
from openapi.contract import Contract
from openapi.security import AUTHORIZATION, SecurityScheme

FAMILY = "auth"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A request, the keys that open the account, and `key`: the value in the documented header, None without it."""

    request: Request
    keys: frozenset[str]
    key: str | None

    def header(self, name: bytes) -> str:
        """Return the value of another header; empty without it."""
        return self.request.headers.get(name, b"").decode("latin-1")


_When: TypeAlias = Callable[[_Attempt], bool]


@dataclass(frozen=True, slots=True)
class _Admitting:
    """A fault that admits requests for which `when` holds, though they should be refused."""

    name: str
    summary: str
    when: _When
    expects: tuple[str, ...]

    def fault(self, read: Callable[[Request], str | None]) -> Fault:
        """Return the fault for a contract whose key `read` finds in a request."""

        def admitted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
            attempt = _Attempt(exchange.request, exchange.keys, read(exchange.request))
            return None if verdict and self.when(attempt) else verdict

        return Fault(name=self.name, family=FAMILY, summary=self.summary, expects=self.expects, admitted=admitted)


def planted(contract: Contract) -> Iterator[Fault]:
    """Yield the faults of one key in a header, and of several together; none for a contract that has neither."""
    if len(contract.security) != 1:
        return
    keys = contract.keys
    yield from (_unread(scheme) for scheme in keys if len(keys) > 1)
    if len(keys) == 1 and keys[0].location == "header" and not keys[0].is_basic:
        idle = _OF_AUTHORIZATION if keys[0].name == AUTHORIZATION else ()
        yield from (each.fault(reader_of(keys[0])) for each in _ADMITTING if each.name not in idle)
        yield from (_refused_as(name, status) for name, status in _REFUSED)


def _unread(scheme: SecurityScheme) -> Fault:
    """Return a fault of several keys that are needed together: one of them is not compared."""

    def without(contract: Contract) -> Contract:
        kept = tuple(tuple(each for each in alternative if each != scheme) for alternative in contract.security)
        return replace(contract, security=kept)

    return Fault(
        name=f"unread-{scheme.scheme}",
        family=FAMILY,
        summary=f"the credential for {scheme.scheme} is not compared",
        expects=("auth.missing-key", "auth.wrong-key"),
        contract=without,
    )


def _admitting(name: str, summary: str, when: _When, *expects: str) -> _Admitting:
    return _Admitting(name, summary, when, expects)


def _near_miss(name: str, summary: str, when: Callable[[str, str], bool], *more: str) -> _Admitting:
    """Return a seam that admits keys that have some relation to an accepted one: `when(shown, accepted)`."""
    return _Admitting(
        name,
        summary,
        lambda attempt: any(when(attempt.key, key) for key in attempt.keys if attempt.key),
        ("auth.near-miss", *more),
    )


def _token(attempt: _Attempt) -> bool:
    return attempt.header(b"authorization").removeprefix("Token ") in attempt.keys


def _bearer(attempt: _Attempt) -> bool:
    return attempt.header(b"authorization").removeprefix("Bearer ") in attempt.keys


def _cookie(attempt: _Attempt) -> bool:
    return any(key in attempt.header(b"cookie") for key in attempt.keys)


def _query(attempt: _Attempt) -> bool:
    values = parse_qs(attempt.request.query_string.decode("latin-1")).values()
    return any(value in attempt.keys for found in values for value in found)


def _form(key: str) -> list[str]:
    return ["." if each == "." else "x" if each.isalnum() else each for each in key]


def _only(method: str, when: _When = lambda _: True) -> _When:
    return lambda attempt: attempt.request.method == method and when(attempt)


def _first_part(attempt: _Attempt) -> bool:
    return any((attempt.key or "")[:9] == key[:9] for key in attempt.keys)


def _like(shown: str, key: str) -> bool:
    """Return whether the pattern of SQL's LIKE in `shown` matches a key."""
    pattern = "".join({"%": ".*", "_": "."}.get(each, re.escape(each)) for each in shown)
    return bool({"%", "_"} & set(shown)) and re.fullmatch(pattern, key) is not None


def _local(attempt: _Attempt) -> bool:
    return attempt.header(b"x-forwarded-for") == "127.0.0.1"


def _access_token(attempt: _Attempt) -> bool:
    return any(f"access_token={key}".encode() in attempt.request.query_string for key in attempt.keys)


def _refused_as(name: str, status: int) -> Fault:
    return Fault(
        name=name,
        family=FAMILY,
        summary=f"a request without the right key is refused with {status}",
        expects=("auth.*",) if status < 500 else ("robustness.server-error",),
        admitted=lambda _, verdict: refusal(status, "Not found.") if verdict else None,
    )


_REFUSED = (("unknown-as-404", 404), ("unknown-as-400", 400), ("unknown-as-500", 500))

# What they admit is the documented place where a credential is in the header Authorization.
_OF_AUTHORIZATION = frozenset(
    {"key-as-bearer", "key-as-token", "key-behind-a-word", "delete-as-bearer", "bearer-beside-another-key"}
)
_ADMITTING: tuple[_Admitting, ...] = (
    _admitting("no-key-needed", "no key is needed", lambda attempt: attempt.key is None, "auth.missing-key"),
    _admitting(
        "no-key-beside-a-large-body",
        "no key is needed for a body of more than 16,000 bytes",
        lambda attempt: attempt.key is None and len(attempt.request.body) > 16_000,
        "auth.missing-key",
    ),
    _admitting(
        "no-key-beside-a-body",
        "no key is needed for a body that is not empty",
        lambda attempt: attempt.key is None and len(attempt.request.body) > len("{}"),
        "auth.missing-key",
        "auth.key-elsewhere",
    ),
    _admitting("any-key", "any key will do", lambda attempt: bool(attempt.key), "auth.wrong-key", "auth.near-miss"),
    _admitting(
        "key-without-what-is-not-ascii",
        "letters beyond ASCII are taken out of a key",
        lambda attempt: (attempt.key or "").encode("ascii", "ignore").decode() in attempt.keys,
        "auth.near-miss",
    ),
    _admitting("long-key", "a key of more than 256 characters will do", lambda attempt: len(attempt.key or "") > 256, "auth.*"),
    _admitting("empty-key", "an empty key will do", lambda attempt: attempt.key == "", "auth.*"),
    _admitting(
        "well-formed-key",
        "any key of the right form will do",
        lambda attempt: any(_form(attempt.key or "") == _form(key) for key in attempt.keys),
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
    _admitting("key-in-query", "a key will do in the query", _query, "auth.key-elsewhere"),
    _admitting("key-in-cookie", "a key will do in a cookie", _cookie, "auth.key-elsewhere"),
    _admitting(
        "no-body-no-key",
        "a request without a body needs no key",
        lambda attempt: attempt.request.method == "POST" and not attempt.request.body,
        "auth.missing-key",
    ),
    _admitting("read-without-key", "reading needs no key", _only("GET"), "auth.read"),
    _admitting("delete-without-key", "deleting needs no key", _only("DELETE"), "auth.delete"),
    _admitting(
        "read-with-any-key",
        "reading needs a key, but not the right one",
        _only("GET", lambda attempt: attempt.key is not None),
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
        lambda attempt: bool(attempt.key) and _bearer(attempt),
        "auth.key-elsewhere",
        "auth.read",
        "auth.delete",
    ),
    _near_miss(
        "key-as-pattern", "a key is a pattern, in which a dot stands for anything", lambda s, k: bool(re.fullmatch(k, s))
    ),
    _admitting(
        "key-in-access-header",
        "a key will do as X-Access-Token",
        lambda attempt: attempt.header(b"x-access-token") in attempt.keys,
        "auth.*",
    ),
    _admitting("key-as-access-token", "a key will do as access_token in the query", _access_token, "auth.*"),
    _admitting("no-key-from-itself", "a request that claims to come from the server itself needs no key", _local, "auth.*"),
)
