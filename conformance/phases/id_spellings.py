"""The part of the phase of state about ids in another spelling: each is refused, or it means the same call.

RFC 9562, 4, lets the reader of a UUID ignore the case of its digits; many parsers also take braces, `urn:uuid:` or no dashes.
Which of these a server takes is recorded. What it takes has to name the call that the id names in its usual spelling.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from functools import partial

from conformance.http.exchange import Exchange
from conformance.phases.calls import Call, Calls
from conformance.phases.handed_on import names_of
from conformance.phases.on_object import on_call
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side

PARENT, READ = "state.parent-spelling", "state.read-spelling"
_OBSERVED = {PARENT: "observed.parent-spelling", READ: "observed.read-spelling"}
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_NO_OTHER = "no id of this server has another spelling that a parser would read"


def spellings(identity: str) -> Iterator[tuple[str, str]]:
    """Yield other spellings of a UUID or a number, each with its name; nothing for another id."""
    number = _number_of(identity)
    if number is None and _NUMBER.fullmatch(identity) is None:
        return
    if number is not None:
        plain = str(number)
        found = [("in the other case", plain.upper() if identity == plain else plain), ("without dashes", number.hex)]
        found += [("in braces", f"{{{plain}}}"), ("as a URN", number.urn)]
    else:
        found = [("with a zero ahead", f"0{identity}"), ("with a sign", f"+{identity}")]
    yield from (each for each in (*found, ("between blanks", f" {identity} ")) if each[1] != identity)


def _number_of(identity: str) -> uuid.UUID | None:
    try:
        number = uuid.UUID(identity)
    except ValueError:
        return None
    return number if identity.lower() == str(number) else None


async def run(calls: Calls, call: Call) -> None:
    """Read a call, and create calls from it, by each other spelling of its id."""
    session = calls.session
    found = list(spellings(call.id))
    cases = [*_reading(session, found), *_deriving(calls, found)]
    wanted = [each for each in cases if session.wants(each.rule) or session.wants(_OBSERVED[each.rule])]
    for exchange in await session.send_all(wanted):
        _check(calls, call, exchange)
    for rule in session.catalogue.rules.keys() & {*_OBSERVED, *_OBSERVED.values()} if not found else ():
        session.results.skip(rule, _NO_OTHER)


def _reading(session: Session, found: list[tuple[str, str]]) -> Iterator[Case]:
    read = session.catalogue.contract.read
    if read is not None and "read" not in session.unserved:
        yield from (on_call("GET", read.path, text, READ, label) for label, text in found)


def _deriving(calls: Calls, found: list[tuple[str, str]]) -> Iterator[Case]:
    parameter = calls.session.checker.parent_parameter
    for label, text in found if parameter is not None else ():
        yield Case(side=Side.STATE, label=label, rule=PARENT, body=calls.seed, query=((parameter or "", text),))


def _check(calls: Calls, call: Call, exchange: Exchange) -> None:
    """Judge and record what came of another spelling: a refusal, or the same call."""
    session, rule = calls.session, exchange.case.rule
    if session.intake.is_unjudged(exchange, rule, "state"):
        return
    happened = "accepted" if exchange.is_success else "refused"
    session.results[_OBSERVED[rule]].observed.setdefault(f"{happened} ({exchange.status})", []).append(exchange.case.label)
    names = _shown(calls, call) if rule == PARENT else set(session.catalogue.response.properties)
    expected = f"a refusal, or what the same id gives in its usual spelling, {call.id}"
    calls.judge(partial(calls.note, rule, exchange, expected, partial(_differs, calls, call, names)))


def _shown(calls: Calls, call: Call) -> set[str]:
    """Return the members that a call made from this one takes over from it."""
    return {name for name in names_of(calls.session) if name in call.response}


def _differs(calls: Calls, call: Call, names: set[str], exchange: Exchange) -> str | None:
    """Return how an accepted request shows another call than the one that its id means; None where it does not."""
    if not exchange.is_success:
        return None
    known: Json = calls.readings.get(call.id, call.response) if exchange.case.rule == READ else call.response
    explained = {name for name in names if calls.session.results.is_explained(name)}
    others = calls.session.catalogue.response.properties.keys() - (names & known.keys() - explained)
    return calls.session.checker.equivalence.difference(known, exchange.json, without=others)
