"""The phase of keys: who has none, another, or the right one in the wrong place, is not let in."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from conformance.exchange import Exchange
from conformance.judging.findings import Finding
from conformance.session import Session
from openapi.contract import ApiKey
from strategies.cases import Case, Key, Side


def run(session: Session) -> None:
    """Verifies the rules of the documented API key."""
    if not session.catalogue.contract.keys:
        return
    key = session.catalogue.contract.keys[0]
    secret = session.client.target.key
    for exchange in session.exchanges(case for case in _cases(key, secret) if session.wants(case.rule)):
        judge_refusal(session, exchange, exchange.case.rule)


def judge_refusal(session: Session, exchange: Exchange, rule: str) -> bool:
    """Whether a request without the right key was refused; notes the outcome under the rule."""
    table = session.judge.tolerances
    if session.is_unjudged(exchange, rule, "rejects"):
        return False
    if table.allows("bad-key", exchange.status):
        session.hold(rule, "rejects", exchange)
        return True
    expected = f"status {table.says('bad-key')} ({exchange.case.label})"
    session.fail_at(Finding(rule, "rejects", expected, f"status {exchange.status}"), exchange)
    return False


def _cases(key: ApiKey, secret: str) -> Iterator[Case]:
    yield _case("auth.missing-key", "no key")
    for rule, keys in (("auth.wrong-key", _wrong(secret)), ("auth.near-miss", _near(secret))):
        for label, value in keys:
            if value != secret:
                pair = ((key.name, value),)
                yield _case(rule, label, *(((), pair) if key.location == "query" else (pair, ())))
    for label, headers, query in _elsewhere(key, secret):
        yield _case("auth.key-elsewhere", label, headers=headers, query=query)


def _case(rule: str, label: str, headers: tuple[tuple[str, str], ...] = (), query: tuple[tuple[str, str], ...] = ()) -> Case:
    return Case(side=Side.AUTH, label=label, rule=rule, body={}, key=Key.OWN, headers=headers, query=query)


_TURN = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM5678901234",
)


def turned(text: str) -> str:
    """A text of the same shape, with another letter for each letter and another digit for each digit."""
    return text.translate(_TURN)


def _wrong(secret: str) -> Iterator[tuple[str, str]]:
    yield "another key of the same shape", turned(secret)
    yield "an empty key", ""
    yield "a word", "conformance"
    yield "the key reversed", secret[::-1]


def _near(secret: str) -> Iterator[tuple[str, str]]:
    half = secret.find(".") + 1 or len(secret) // 2
    yield "the key without its last character", secret[:-1]
    yield "the key without its first character", secret[1:]
    yield "the key and one character more", secret + "0"
    yield "the key with another last character", secret[:-1] + turned(secret[-1])
    yield "the key with another first character", turned(secret[0]) + secret[1:]
    yield "the key with another character in the middle", secret[:half] + turned(secret[half]) + secret[half + 1 :]
    yield "the first part of the key with another second", secret[:half] + turned(secret[half:])
    yield "another first part with the second of the key", turned(secret[:half]) + secret[half:]
    yield "the key with the case of its letters swapped", secret.swapcase()
    yield "the key in upper case", secret.upper()
    yield "the key in lower case", secret.lower()
    yield "the key in quotes", f'"{secret}"'
    yield "the key twice", f"{secret},{secret}"


def _elsewhere(key: ApiKey, secret: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]]:
    places = {
        "query": ((), ((key.name, secret),)),
        "bearer": ((("Authorization", f"Bearer {secret}"),), ()),
        "token": ((("Authorization", secret),), ()),
        "basic": ((("Authorization", "Basic " + base64.b64encode(f"{secret}:".encode()).decode()),), ()),
        "cookie": ((("Cookie", f"{key.name}={secret}"),), ()),
        "header": (((key.name, secret),), ()),
    }
    others = {
        "api_key in the query": ((), (("api_key", secret),)),
        "another header": ((("Api-Key", secret),), ()),
    }
    yield from ((f"the key as {name}", *where) for name, where in places.items() if name != key.location)
    yield from ((label, *where) for label, where in others.items())
