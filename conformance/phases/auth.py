"""The phase of keys: who has none, another, or their own in another place, is not let in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.http.keys import Credentials, forms_of, placed
from conformance.phases.calls import first_parent
from conformance.phases.context import other_queries
from conformance.phases.invalid_requests import expect_status
from conformance.phases.on_object import Query
from conformance.session import Session
from openapi.json_types import Json
from openapi.security import AUTHORIZATION, TOKEN, SecurityScheme
from reports.record.key_forms import KEY, LONG, Form, KeyValue, changed, part
from strategies.case import NO_BODY, Case, Key, Side
from strategies.coverage.special_bodies import lengthy


async def run(session: Session) -> None:
    """Verify the rules of the documented credentials."""
    contract = session.catalogue.contract
    if "auth.missing-key" not in session.catalogue.rules:
        return
    credentials = Credentials.of(contract, session.target)
    for scheme in contract.keys:
        door = Door(scheme, credentials)
        in_context = _in_context(session, door) if scheme == contract.keys[0] else ()
        usual = (*_cases(door, few=session.profile.few), *in_context)
        odd = (_case(rule, label, door, *door.with_own(form)) for rule, label, form in _odd())
        for kind, cases in (("bad-key", usual), ("odd-key", odd)):
            seeded = (replace(case, body=session.seed_body) if _is_plain(case) else case for case in cases)
            await session.each(session.needed(seeded), partial(check_refusal, session, kind=kind))
    if session.wants("auth.missing-key"):
        await session.each(_other_spellings(session), partial(_check_other_spelling, session))
    await _alternatives(session, credentials)


def _other_spellings(session: Session) -> Iterator[Case]:
    """Yield requests without a key for the path in other spellings, which a router may take for the path itself."""
    path = session.catalogue.contract.path
    for label, other in (("a slash behind the path", f"{path}/"), ("the path in upper case", path.upper())):
        if other != path:
            label, rule = f"no key, and {label}", "auth.missing-key"
            yield Case(side=Side.AUTH, label=label, rule=rule, body=session.seed_body, path=other, key=Key.NONE)


def _check_other_spelling(session: Session, exchange: Exchange) -> None:
    """Check that nothing is created without a key; what else comes of another path is not documented."""
    rule, contract = exchange.case.rule, session.catalogue.contract

    def problem(again: Exchange) -> str | None:
        is_made = contract.is_created(again.status) and session.objects.identifier.of(again.json) is not None
        return f"status {again.status}" if is_made else None

    if session.intake.is_unjudged(exchange, rule, "rejects"):
        return
    found = problem(exchange)
    if found is not None:
        finding = Finding(rule, "rejects", f"another status than {contract.status} ({exchange.case.label})", found)
        session.intake.suspect_whole(finding, exchange, problem)


async def _alternatives(session: Session, credentials: Credentials) -> None:
    """Check that each other documented alternative admits a request, where the target has its credentials."""
    rule, contract = "auth.alternatives", session.catalogue.contract
    if rule not in session.catalogue.rules or not session.wants(rule):
        return
    for alternative in contract.security:
        if alternative == contract.keys:
            continue
        missing = [contract.variable_of(each) for each in alternative if credentials.secret(each) is None]
        if missing:
            session.results.skip(rule, f"the credentials of another alternative are not set: {', '.join(missing)}")
            continue
        headers, query = credentials.pairs(forms_of(contract, alternative))
        label = "with " + " and ".join(each.scheme for each in alternative)
        case = Case(side=Side.AUTH, label=label, rule=rule, body=session.seed_body, key=Key.NONE, headers=headers, query=query)
        exchange = await session.send(case)
        if not session.intake.is_unjudged(exchange, rule, "accepts"):
            _expect_admission(session, exchange)


def _expect_admission(session: Session, exchange: Exchange) -> None:
    finding = _refusal(exchange)
    if finding is None:
        session.intake.hold(exchange.case.rule, "accepts", exchange)
    else:
        session.intake.suspect(finding, exchange, _refusal)


def _refusal(exchange: Exchange) -> Finding | None:
    if exchange.is_success:
        return None
    return Finding(exchange.case.rule, "accepts", f"admission {exchange.case.label}", f"status {exchange.status}")


@dataclass(frozen=True, slots=True)
class Door:
    """A security scheme of the operation, and the credentials of the account that a case makes values of."""

    scheme: SecurityScheme
    credentials: Credentials

    @property
    def secret(self) -> str:
        """Return the credential that the scheme asks for."""
        return self.credentials.secret(self.scheme) or ""

    def value(self, form: Form) -> KeyValue:
        """Return what a form makes of the credential."""
        return self.credentials.value(self.scheme, form)

    def is_taken(self, place: str, name: str) -> bool:
        """Return whether one of the documented credentials has its place there."""
        taken = (placed(each)[0].lower() for each in self.credentials.contract.keys)
        return f"{place} {name}".lower() in taken

    def with_own(self, form: Form) -> tuple[Query, Query]:
        """Return the headers and the query with what a form makes of the credential, where it belongs."""
        return self.credentials.in_place(self.scheme, form)


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


def _cases(door: Door, *, few: bool) -> Iterator[Case]:
    yield _case("auth.missing-key", "no key", door)
    own = (("X-Forwarded-For", "127.0.0.1"),)
    yield _case("auth.missing-key", "no key, as if asked by the server itself", door, headers=own)
    lenient = _IN_COOKIES if door.scheme.location == "cookie" else ()
    for rule, keys in (("auth.wrong-key", _invalid()), ("auth.near-miss", _near(door.secret, few=few))):
        for label, form in keys:
            if door.value(form) != door.secret and label not in lenient:
                yield _case(rule, label, door, *door.with_own(form))
    for label, headers, query in (*_elsewhere(door), *everywhere_else(door)):
        yield _case("auth.key-elsewhere", label, door, headers=headers, query=query)


def _case(rule: str, label: str, door: Door, headers: Query = (), query: Query = (), body: Json = NO_BODY) -> Case:
    return Case(
        side=Side.AUTH,
        label=label,
        rule=rule,
        body=body,
        key=Key.OWN,
        scheme=door.scheme.scheme,
        headers=headers,
        query=query,
    )


def _is_plain(case: Case) -> bool:
    """Return whether a case leaves its body to the session."""
    return case.body is NO_BODY and case.label != _NO_BODY


def _in_context(session: Session, door: Door) -> Iterator[Case]:
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
        headers, query = door.with_own(changed("turned"))
        yield _case("auth.wrong-key", "another key, and a parent call", door, headers, (*parent, *query))
    for query in other_queries(session):
        yield replace(without, label=f"no key, and {query[0][0]}", query=query)
    for name, node in session.catalogue.body.properties.items():
        within = session.completed({name: {door.scheme.name: door.secret}})
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
# Parsers of cookies undo these: RFC 6265, 4.1.1, allows quotes, and some frameworks decode percent signs.
_IN_COOKIES = frozenset({"the key in quotes", "the key with an escape as in a URL"})
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
    yield "the key with letters and digits in place of each other", changed("lookalike")


def _half_of(secret: str) -> int:
    return secret.find(".") + 1 or len(secret) // 2


def few_invalid(door: Door) -> Iterator[tuple[str, Query, Query]]:
    """Yield what must not let anyone in, as few requests as show most: a label, headers and query."""
    half = _half_of(door.secret)
    invalid: tuple[tuple[str, Form], ...] = (
        ("another key", changed("turned")),
        ("the first part of the key with another second", [part(0, half), changed("turned", part(half))]),
        ("the key with the case of its letters swapped", changed("swapcase")),
    )
    yield "no key", (), ()
    for label, form in invalid:
        if door.value(form) != door.secret:
            yield label, *door.with_own(form)
    yield from everywhere_else(door)


def everywhere_else(door: Door) -> Iterator[tuple[str, Query, Query]]:
    """Yield the key wherever it does not belong, at once: without one in its place, and beside an invalid one."""
    scheme, own = door.scheme, door.value(KEY)
    as_bearer = [(name, door.value(["Bearer ", KEY])) for name in ("Authorization", "Proxy-Authorization")]
    headers = [*as_bearer, *((name, own) for name in _OTHER_HEADERS)]
    usual = ("api_key", "apiKey", "apikey", "key", "token", "access_token", "auth")
    names = usual if scheme.name == AUTHORIZATION else (scheme.name, *usual)
    query = tuple((name, own) for name in names if not door.is_taken("query", name))
    elsewhere = tuple((name, value) for name, value in headers if not door.is_taken("header", name))
    yield "the key everywhere else", elsewhere, query
    in_headers, in_query = door.with_own(changed("turned"))
    yield "the key everywhere else, beside another key", (*in_headers, *elsewhere), (*in_query, *query)


def _elsewhere(door: Door) -> Iterator[tuple[str, Query, Query]]:
    """Yield one place at a time where the key does not belong; none that is its own, or the same as an earlier one."""
    name = door.scheme.name
    forms: dict[str, tuple[str, Form]] = {
        "the key as query": (f"query {name}", KEY),
        "the key as bearer": ("header Authorization", ["Bearer ", KEY]),
        "the key as token": ("header Authorization", KEY),
        "the key as basic": ("header Authorization", ["Basic ", changed("base64", [KEY, ":"])]),
        "the key as cookie": ("header Cookie", [f"{name}=", KEY]),
        "the key as header": (f"header {name}", KEY),
        "api_key in the query": ("query api_key", KEY),
        "another header": ("header Api-Key", KEY),
        "the key as a password": ("header Authorization", ["Basic ", changed("base64", [":", KEY])]),
        **{f"the key as {word}": ("header Authorization", [f"{word} ", KEY]) for word in _SCHEMES},
    }
    if TOKEN.fullmatch(name) is None:  # a name in a query may be any text, that of a header or cookie may not
        forms = {label: each for label, each in forms.items() if label not in ("the key as cookie", "the key as header")}
    seen = [placed(door.scheme)]
    others = [placed(each)[0] for each in door.credentials.contract.keys if each != door.scheme]
    for label, (place, form) in forms.items():
        if (place, form) not in seen and place not in others:
            seen.append((place, form))
            yield label, *door.credentials.pairs_of(door.scheme, {place: form})
