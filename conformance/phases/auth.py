"""The phase of keys: who has none, another, or the right one in the wrong place, is not let in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

from conformance.http.exchange import Exchange
from conformance.phases.calls import Query, first_parent
from conformance.phases.context import other_queries
from conformance.phases.invalid_requests import expect_status
from conformance.session import Session
from openapi.contract import ApiKey
from openapi.json_types import Json
from reports.record.key_forms import KEY, LONG, Form, KeyValue, changed, part
from strategies.case import NO_BODY, Case, Key, Side
from strategies.coverage.special_bodies import lengthy


async def run(session: Session) -> None:
    """Verify the rules of the documented API key."""
    if not session.catalogue.contract.keys:
        return
    key = session.catalogue.contract.keys[0]
    usual = (*_cases(key, session.target.key, few=session.profile.few), *_in_context(session, key))
    secret = session.target.key
    odd = (_case(rule, label, *_in_place(key, KeyValue(form, secret))) for rule, label, form in _odd())
    for kind, cases in (("bad-key", usual), ("odd-key", odd)):
        seeded = (replace(case, body=session.seed_body) if _is_plain(case) else case for case in cases)
        wanted = (case for case in seeded if session.wants(case.rule))
        await session.each(wanted, partial(check_refusal, session, kind=kind))


def check_refusal(session: Session, exchange: Exchange, kind: str = "bad-key") -> None:
    """Check that a request without the right key is refused."""
    rule, table = exchange.case.rule, session.checker.tolerances
    if exchange.case.body is NO_BODY and not exchange.case.method:
        kind = "bad-key-without-body"
    if session.intake.is_unjudged(exchange, rule, "rejects"):
        return
    if exchange.case.body and session.triage.refused_fields and table.allows("bad-body", exchange.status):
        return  # this server refuses valid bodies, which is reported, and this one before it looks for the key
    expect_status(session, exchange, rule, kind)


def _cases(key: ApiKey, secret: str, *, few: bool) -> Iterator[Case]:
    yield _case("auth.missing-key", "no key")
    yield _case("auth.missing-key", "no key, as if asked by the server itself", headers=(("X-Forwarded-For", "127.0.0.1"),))
    for rule, keys in (("auth.wrong-key", _invalid()), ("auth.near-miss", _near(secret, few=few))):
        for label, form in keys:
            value = KeyValue(form, secret)
            if value != secret:
                yield _case(rule, label, *_in_place(key, value))
    for label, headers, query in (*_elsewhere(key, secret), *everywhere_else(key, secret)):
        yield _case("auth.key-elsewhere", label, headers=headers, query=query)


def _case(rule: str, label: str, headers: Query = (), query: Query = (), body: Json = NO_BODY) -> Case:
    return Case(side=Side.AUTH, label=label, rule=rule, body=body, key=Key.OWN, headers=headers, query=query)


def _is_plain(case: Case) -> bool:
    """Return whether a case leaves its body to the session."""
    return case.body is NO_BODY and case.label != _NO_BODY


def _in_context(session: Session, key: ApiKey) -> Iterator[Case]:
    """Yield requests without the right key that ask for more than an empty body does."""
    without = Case(side=Side.AUTH, label="", rule="auth.missing-key", body=session.seed_body, key=Key.NONE)
    for body in _covering(session):
        yield replace(without, label=f"no key, and {len(body)} members in the body", body=body)
    yield replace(without, label=_NO_BODY, body=NO_BODY)
    for long in islice(lengthy(session.plan.oracle, session.plan.lacking), 1):
        yield replace(without, label="no key, and a long text", body=long.body)
    parent = first_parent(session)
    if parent:
        yield replace(without, label="no key, and a parent call", query=parent)
        headers, query = _in_place(key, KeyValue(changed("turned"), session.target.key))
        yield _case("auth.wrong-key", "another key, and a parent call", headers, (*parent, *query))
    for query in other_queries(session):
        yield replace(without, label=f"no key, and {query[0][0]}", query=query)
    for name, node in session.catalogue.body.properties.items():
        within = session.completed({name: {key.name: session.target.key}})
        if node.is_map and session.plan.oracle.is_valid(within):
            yield replace(without, label=f"the key in {name}", rule="auth.key-elsewhere", body=within)


def _covering(session: Session) -> Iterator[Json]:
    """Yield few bodies that between them have each member that a body may have."""
    bodies = (row.value for row in session.plan.maker.packs(session.plan.oracle.root))
    rows = [body for body in bodies if isinstance(body, dict) and len(str(body)) < _LARGE]
    missing = {name for row in rows for name in row}
    while missing:
        best = max(rows, key=lambda row: len(missing & row.keys()))
        missing -= best.keys()
        yield best


_NO_BODY = "no key, and no body"
_LARGE = 20_000  # characters of a body; who must not come in need not send as much
_OTHER_HEADERS = ("Api-Key", "ApiKey", "X-ApiKey", "X-Auth-Token", "X-Api-Token", "X-Access-Token")
_SCHEMES = ("Token", "Api-Key", "ApiKey", "Key")
_PARTS = 6  # of a key; where they meet, a character is turned where requests are scarce


def _invalid() -> Iterator[tuple[str, Form]]:
    yield "another key of the same shape", changed("turned")
    yield "an empty key", ""
    yield from (("a word", word) for word in ("conformance", "null", "undefined", "None"))
    yield from (("a wildcard", pattern) for pattern in ("%", "*", ".*"))
    yield "the key reversed", changed("reversed")


def _odd() -> Iterator[tuple[str, str, Form]]:
    """Yield what no key looks like, with the rules."""
    yield "auth.wrong-key", f"a key of {LONG} characters", changed("long", changed("turned"))
    yield "auth.near-miss", "the key and a letter beyond ASCII", [KEY, "é"]


def _near(secret: str, *, few: bool) -> Iterator[tuple[str, Form]]:
    half = _half_of(secret)
    yield "the key without its last character", part(0, -1)
    yield "the key without its first character", part(1)
    yield "the key without a character in the middle", [part(0, half - 1), part(half)]
    yield "the key and one character more", [KEY, "0"]
    last = len(secret) - 1
    places = {0, half - 1, half, *(last * each // _PARTS for each in range(1, _PARTS)), last}
    for at in sorted(places) if few else range(len(secret)):
        # What is neither letter nor digit has no other of its kind.
        other = changed("turned", part(at, at + 1)) if secret[at].isalnum() else "-"
        yield f"the key with another character at {at + 1}", [part(0, at), other, part(at + 1)]
    for at in (last // 2,) if few else range(last):
        one, two = part(at, at + 1), part(at + 1, at + 2)
        yield f"the key with the case turned at {at + 1}", [part(0, at), changed("swapcase", one), part(at + 1)]
        yield f"the key with the characters from {at + 1} swapped", [part(0, at), two, one, part(at + 2)]
    yield "the first part of the key with another second", [part(0, half), changed("turned", part(half))]
    yield "another first part with the second of the key", [changed("turned", part(0, half)), part(half)]
    yield "the key with the case of its letters swapped", changed("swapcase")
    yield "the key in upper case", changed("upper")
    yield "the key in lower case", changed("lower")
    yield "the key in quotes", ['"', KEY, '"']
    yield "the key twice", [KEY, ",", KEY]
    yield "the key and itself", [KEY, KEY]
    yield "the key with an escape as in a URL", [changed("percent", part(0, 1)), part(1)]
    yield "the key behind a word", ["Bearer ", KEY]
    yield "the key with a wildcard at its end", [part(0, -1), "_"]
    yield "the key with letters and digits that look alike", changed("lookalike")


def _half_of(secret: str) -> int:
    return secret.find(".") + 1 or len(secret) // 2


def few_invalid(key: ApiKey, secret: str) -> Iterator[tuple[str, Query, Query]]:
    """Yield what must not let anyone in, as few requests as show most: a label, headers and query."""
    half = _half_of(secret)
    invalid: tuple[tuple[str, Form], ...] = (
        ("another key", changed("turned")),
        ("the first part of the key with another second", [part(0, half), changed("turned", part(half))]),
        ("the key with the case of its letters swapped", changed("swapcase")),
    )
    yield "no key", (), ()
    for label, form in invalid:
        value = KeyValue(form, secret)
        if value != secret:
            yield label, *_in_place(key, value)
    yield from everywhere_else(key, secret)


def everywhere_else(key: ApiKey, secret: str) -> Iterator[tuple[str, Query, Query]]:
    """Yield the key wherever it does not belong, at once: without one in its place, and beside a wrong one."""
    others = [name for name in _OTHER_HEADERS if name.lower() != key.name.lower()]
    own, bearer = KeyValue(KEY, secret), KeyValue(["Bearer ", KEY], secret)
    headers = (
        *((name, bearer) for name in ("Authorization", "Proxy-Authorization")),
        *((name, own) for name in others),
    )
    query = tuple((name, own) for name in ("api_key", "apiKey", "apikey", "key", "token", "access_token", "auth"))
    if key.location != "query":
        query = ((key.name, own), *query)
    yield "the key everywhere else", headers, query
    in_headers, in_query = _in_place(key, KeyValue(changed("turned"), secret))
    yield "the key everywhere else, beside another key", (*in_headers, *headers), (*in_query, *query)


def _in_place(key: ApiKey, value: str) -> tuple[Query, Query]:
    """Return the headers and the query with a value where the key belongs."""
    pair = ((key.name, value),)
    return ((), pair) if key.location == "query" else (pair, ())


def _elsewhere(key: ApiKey, secret: str) -> Iterator[tuple[str, Query, Query]]:
    def made(*form: Form) -> str:
        return KeyValue(list(form), secret)

    places = {
        "query": ((), ((key.name, made(KEY)),)),
        "bearer": ((("Authorization", made("Bearer ", KEY)),), ()),
        "token": ((("Authorization", made(KEY)),), ()),
        "basic": ((("Authorization", made("Basic ", changed("base64", [KEY, ":"]))),), ()),
        "cookie": ((("Cookie", made(f"{key.name}=", KEY)),), ()),
        "header": (((key.name, made(KEY)),), ()),
    }
    others = {
        "api_key in the query": ((), (("api_key", made(KEY)),)),
        "another header": ((("Api-Key", made(KEY)),), ()),
        "the key as a password": ((("Authorization", made("Basic ", changed("base64", [":", KEY]))),), ()),
        **{f"the key as {scheme}": ((("Authorization", made(f"{scheme} ", KEY)),), ()) for scheme in _SCHEMES},
    }
    yield from ((f"the key as {name}", *where) for name, where in places.items() if name != key.location)
    yield from ((label, *where) for label, where in others.items())
