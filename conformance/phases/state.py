"""The phase of created calls: read back, made from a parent call, left alone by others, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from conformance.checks.finding import Finding
from conformance.checks.server_made import server_made, stripped
from conformance.concurrency.branches import Work
from conformance.http.exchange import Exchange
from conformance.http.keys import Credentials
from conformance.phases import id_spellings
from conformance.phases import inheritance as parents
from conformance.phases import overrides as replaced
from conformance.phases import timestamps as moments
from conformance.phases.auth import Door, check_refusal, few_invalid
from conformance.phases.calls import Call, Calls, usable
from conformance.phases.handed_on import pairs
from conformance.phases.on_object import on_call
from conformance.phases.problems import acceptance, other_status
from conformance.phases.refusals import send_rich_refusal
from conformance.session import Session
from openapi.json_types import Json, Path, tokens
from reports.record.key_forms import changed, value_of
from strategies.case import Case, Key, Side
from strategies.values.place_schema import admits

_ACCEPTED = 202
_ISOLATED = "state.delete-isolated"
_OF_DELETION = ("state.delete", _ISOLATED, "state.parent-deleted")


async def run(session: Session) -> None:
    """Verify what happens to calls once they exist; where few rules are selected, only what they need."""
    calls, parts = Calls(session), session.narrowing.parts
    if "parents" in parts:
        found = await parents.works(calls)
        if not session.narrowing.is_partial:
            found += await replaced.works(calls)
        await session.gather(found)
        calls.settle_merging()
    if "descent" in parts:
        await parents.descent(calls)
    if "values" in parts:
        await parents.values_apart(calls)
    if "exclusion" in parts:
        await replaced.exclusion(calls)
    first = _first(calls.session)
    if "repeats" in parts:
        await _repeats(calls, first)
    works: list[Work[None]] = [partial(_unknown, calls)] if "unknown" in parts else []
    works += [partial(_keys_and_deletion, calls)] if parts & {"keys", "deletion", "spellings"} else []
    works += [partial(moments.run, calls, first)] if first is not None and "times" in parts else []
    await session.gather(works)


def _first(session: Session) -> Call | None:
    """Return the call of the first valid request."""
    baseline = session.baseline
    if baseline is None or not isinstance(baseline.json, dict):
        return None
    identity = usable(session, session.objects.identifier.of(baseline.json))
    return Call(identity, baseline.json, baseline) if identity is not None else None


async def _unknown(calls: Calls) -> None:
    """Reading what does not exist: an id that no call has, and what is no id at all, is refused, in whichever words."""
    session, rule = calls.session, "state.read-unknown"
    for identity in _of_nobody(session) if session.wants(rule) else ():
        exchange = await calls.get(identity, rule)
        if exchange is not None:
            calls.note(rule, exchange, f"status {session.checker.tolerances.says('gone')}", acceptance)


def _of_nobody(session: Session) -> Iterator[str]:
    """Yield ids of the described form that no object has; where that may be any string, one that is no id as well."""
    node = session.objects.identifier.node
    if node is not None and node.types == {"integer"}:
        yield str(2_000_000_000 + session.seed % 251)
    elif node is not None and node.get("pattern"):
        first = session.objects.first() or ""
        other = value_of(changed("turned"), first)
        yield from [other] if other not in session.objects.numbers and admits(node, other) else []
    else:
        yield from (str(uuid.UUID(int=0x3C90C3CC0D444B5088888DD257360500 + session.seed % 251)), "conformance")


async def _repeats(calls: Calls, first: Call | None) -> None:
    """The same request again and again: the same response but for what is the call's own; earlier calls stay as they are."""
    session, baseline = calls.session, calls.session.baseline
    if baseline is None or not isinstance(baseline.json, dict):
        return
    if first is not None:
        await calls.read_back(first)
    case = Case(side=Side.STATE, label="the same request again", rule="robustness.repeatable", body=baseline.case.body)
    own = _own_members(session)
    # What calls leave behind, made or refused, shows in the next one that sets nothing.
    is_narrow = session.narrowing.is_partial
    if is_narrow or not session.profile.few:  # else the last calls with as much as there is are not long ago
        await calls.create(_rich(session), may=True, keep=False)
    refused = await send_rich_refusal(session)
    before = f"; just before went request {refused.number}, which is to be refused" if refused is not None else ""
    exchanges = await session.send_all([case] * (session.profile.repeats - is_narrow))
    made = _server_made(session, [baseline, *exchanges])
    difference = partial(session.checker.equivalence.difference, stripped(baseline.json, made), without=own)
    for exchange in exchanges:
        if not session.intake.is_unjudged(exchange, "robustness.repeatable", "state"):
            problem = partial(_differs, lambda value: difference(stripped(value, made)))
            calls.note("robustness.repeatable", exchange, f"the response that the same request got at first{before}", problem)
    if first is not None:
        await calls.unchanged(first, "state.isolated")


def _server_made(session: Session, exchanges: list[Exchange]) -> list[Path]:
    """Return the members that the server makes for each object: those that differ each time, as far as the contract says."""
    contract = session.catalogue.contract
    stated = {tokens(each) for each in contract.data.created.server_made}
    identifier = [session.objects.identifier.path]
    responses = [each.json for each in exchanges if each.is_success]
    derived = server_made(session.catalogue.body, session.catalogue.response, responses)
    return [*identifier, *(each for each in derived if (not stated or each in stated) and each not in identifier)]


def _rich(session: Session) -> Json:
    """Return a body with much that responses show."""
    return next((first for first, _ in pairs(session)), session.seed_body)


def _own_members(session: Session) -> set[str]:
    """Return the members of a response that differ from call to call: ids, times, and strings that hold the id."""
    response = session.catalogue.response
    first = session.baseline.json if session.baseline is not None else {}
    identity = session.objects.identifier.of(first) or "None"
    kinds = {name for name, node in response.properties.items() if node.get("format") in ("uuid", "date-time")}
    holding = {name for name, value in first.items() if isinstance(value, str) and (identity in value or "://" in value)}
    return kinds | holding


# --- keys and deletion


async def _keys_and_deletion(calls: Calls) -> None:
    """Delete a call, name another one in other spellings, and check that no invalid key reads or deletes."""
    parts = calls.session.narrowing.parts
    left = await _delete(calls) if "deletion" in parts else None
    if "spellings" in parts:
        is_rich = left is not None and not calls.session.narrowing.is_partial
        left = left if is_rich else await calls.create(_rich(calls.session), may=True)
    left = left or (await calls.create(calls.seed) if "keys" in parts else None)
    if left is not None and "spellings" in parts:
        await id_spellings.run(calls, left)
    if left is not None and "keys" in parts:
        await _keys(calls, left)


async def _keys(calls: Calls, call: Call) -> None:
    session, contract = calls.session, calls.session.catalogue.contract
    if not contract.keys:
        return
    if call.id not in calls.readings:
        await calls.read_back(call)
    await calls.unchanged(call, "state.read-back")  # a reading that changes something is no fault of a key
    credentials = Credentials.of(contract, session.target)
    operations = [("GET", contract.read, "auth.read"), ("DELETE", contract.delete, "auth.delete")]
    for method, operation, rule in operations:
        if operation is None or not session.wants(rule) or rule.removeprefix("auth.") in session.unserved:
            continue
        cases = [
            replace(
                on_call(method, operation.path, call.id, rule, f"{method} with {label}", Key.OWN, headers),
                query=query,
                scheme=scheme.scheme,
            )
            for scheme in contract.keys
            for label, headers, query in few_invalid(Door(scheme, credentials))
        ]
        for exchange in await session.send_all(cases):
            check_refusal(session, exchange)
    if contract.delete is not None and "delete" not in session.unserved:
        await calls.unchanged(call, "auth.delete")


async def _delete(calls: Calls) -> Call | None:
    """A call is deleted that was made from a parent call and has served as one itself: only that call is gone.

    Return a call that is left, if there is one.
    """
    session, delete = calls.session, calls.session.catalogue.contract.delete
    if delete is None or "delete" in session.unserved or not any(map(session.wants, _OF_DELETION)):
        return None
    has_parent = session.checker.parent_parameter is not None
    before = await calls.create(calls.seed)
    rich = _rich(session)
    gone = await calls.create(rich, before.id if before is not None and has_parent else None)
    if gone is None:
        return None
    is_thorough = not session.narrowing.is_partial
    twin = await calls.create(rich, before.id if before is not None and has_parent else None) if is_thorough else None
    after = await calls.create(calls.seed, gone.id if has_parent else None)
    others = [call for call in (before, twin, after) if call is not None]
    await session.gather([partial(calls.read_back, each) for each in (*others, gone)])
    is_gone = await _gone(calls, gone, on_call("DELETE", delete.path, gone.id, "state.delete", "delete"))
    await session.gather([partial(calls.unchanged, each, _ISOLATED) for each in others])
    if after is not None and has_parent and is_thorough:
        parents.compare_chain(calls, rich, await calls.create(calls.seed, after.id, keep=False, rule=_ISOLATED))
    if is_gone:
        await _parent_deleted(calls, gone)
    return twin or before


async def _gone(calls: Calls, gone: Call, case: Case) -> bool:
    """Delete a call; return whether it is to be gone by now."""
    session, table = calls.session, calls.session.checker.tolerances
    exchange = await session.send(case)
    if session.intake.is_unjudged(exchange, "state.delete", "state"):
        return True
    if exchange.attempts and table.allows("gone", exchange.status):
        session.results.unjudge("state.delete", "state", "the response to the first attempt to delete it was lost")
    else:
        again = exchange if table.allows("deleted", exchange.status) else await _another_deleted(calls)
        session.intake.judge(partial(_judge_deletion, session, exchange, again))
        if not table.allows("deleted", exchange.status):  # what nothing does leaves everything as it was
            session.results[_ISOLATED].owed |= {Side.REJECTS}
            session.results.skip(_ISOLATED, f"nothing was deleted: the server responded with status {exchange.status}")
    if exchange.status == _ACCEPTED:
        return False  # RFC 9110, 15.3.3: it will be deleted, when nobody knows
    after = await calls.get(gone.id, "state.delete")
    if after is not None:
        expected = f"status {table.says('gone')} once it is deleted"
        calls.note("state.delete", after, expected, other_status(table, "gone"))
    session.intake.is_unjudged(await session.send(case), "state.delete", "state")
    return True


async def _another_deleted(calls: Calls) -> Exchange | None:
    """Delete another call in the same way, since the first one cannot be deleted twice; None if there is none."""
    other = await calls.create(calls.seed)
    template = calls.session.catalogue.contract.delete
    if other is None or template is None:
        return None
    return await calls.session.send(on_call("DELETE", template.path, other.id, "state.delete", "delete"))


def _judge_deletion(session: Session, exchange: Exchange, again: Exchange | None) -> None:
    """Note whether a deletion got a status of its kind; what another deletion does not show is intermittent."""
    problem = other_status(session.checker.tolerances, "deleted")
    found = problem(exchange)
    if found is None:
        session.results.hold("state.delete", "state", exchange)
        return
    repeats = again is not None and problem(again) is not None
    finding = Finding("state.delete", "state", f"status {session.checker.tolerances.says('deleted')}", found)
    session.results.fail_at(
        finding if repeats else replace(finding, actual=f"{found} (seen 1 of 2 times)"), exchange, intermittent=not repeats
    )


def _differs(difference: Callable[[Json], str | None], exchange: Exchange) -> str | None:
    return difference(exchange.json) if exchange.is_success else f"status {exchange.status}"


async def _parent_deleted(calls: Calls, gone: Call) -> None:
    session, rule = calls.session, "state.parent-deleted"
    if session.checker.parent_parameter is None or rule not in session.catalogue.rules:
        return
    query = ((session.checker.parent_parameter, gone.id),)
    case = Case(side=Side.STATE, label="create from a deleted call", rule=rule, body=session.seed_body, query=query)
    exchange = await session.send(case)
    if not session.intake.is_unjudged(exchange, rule, "rejects"):
        allowed = session.checker.tolerances
        calls.note(rule, exchange, f"status {allowed.says('unknown-prior')}", other_status(allowed, "unknown-prior"))
