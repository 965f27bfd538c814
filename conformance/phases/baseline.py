"""The baseline: the simplest request there is, and what its response says of the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from conformance.checks.finding import Finding
from conformance.concurrency.planning import computed
from conformance.http.endings import CannotJudge
from conformance.http.exchange import NOT_JSON, Exchange
from conformance.http.key_watch import REFUSED
from conformance.phases.prerequisites import report_hazards, settle_needs, settle_served
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side, dumps


async def settle_baseline(session: Session) -> None:
    """Send the simplest request there is. CannotJudge where its response shows that nothing else can be judged."""
    seeds = iter(await computed(lambda: list(islice(session.plan.seeds(), _SEEDS))))
    first = next(seeds, _NONE)
    if first is _NONE:
        raise CannotJudge(f"no valid body could be constructed{_ADVICE}")
    session.seed_body = first
    exchange = await _settle_tag(session, await session.send(_seeded(session.seed_body)))
    problem = _problem(session, exchange)
    if problem is not None:
        raise CannotJudge(problem)
    if exchange.status >= 500 or not exchange.is_success:
        await _settle_other_seed(session, exchange, seeds)
    if exchange.is_success:
        session.baseline = exchange
        session.sender.admission.taken = exchange.case
        session.intake.hold("query.unset", "accepts", exchange)
    session.intake.take(exchange, session.checker.check(exchange))
    report_hazards(session)
    await settle_needs(session)
    await settle_served(session)


async def _settle_tag(session: Session, exchange: Exchange) -> Exchange:
    """Return the first exchange, without the run tag if the target does not keep it: no case has it then.

    The smallest body is sent without the tag as well. That exchange shows what the target makes of the member by itself.
    """
    says_nothing = exchange.error is not None or session.checker.unjudged(exchange) is not None or exchange.status in REFUSED
    if session.client.tag is None or says_nothing:
        return exchange
    if exchange.is_success and exchange.shows_tag:
        plain = await session.send(replace(_seeded(session.seed_body), raw=dumps(session.seed_body)))
        session.intake.take(plain, session.checker.check(plain))
        return exchange
    session.client.tag = None
    session.unserved["tag"] = "what this run created has no tag, since the target does not keep it"
    return await session.send(_seeded(session.seed_body))


_NONE = object()
_SEEDS = 6  # bodies that are tried before the user has to state one


def _seeded(body: Json) -> Case:
    label = "the smallest body" if body else "an empty body"
    return Case(side=Side.ACCEPTS, label=label, rule="status.created", body=body)


async def _settle_other_seed(session: Session, first: Exchange, seeds: Iterator[Json]) -> None:
    """Find another body that the target accepts. CannotJudge if there is none."""
    combined = await computed(lambda: next(session.plan.combinations(1), None))
    rich = await session.send(combined or _seeded(next(seeds, {})))
    if rich.is_success:
        session.seed_body = rich.case.body if session.seed_body else session.seed_body
        return
    for body in seeds:
        exchange = await session.send(_seeded(body))
        if exchange.is_success:
            session.seed_body = body
            return
    _nothing_accepted(session, first, rich)


def _nothing_accepted(session: Session, exchange: Exchange, rich: Exchange) -> None:
    expected = f"status {session.catalogue.contract.status}"
    for each in (exchange, rich):
        if each.status:
            session.results.fail(Finding("status.created", "accepts", expected, _answered(each)), each)
            if each.status >= 500:
                session.results.fail(
                    Finding("robustness.server-error", "robustness", "a status below 500", _answered(each)), each
                )
    first = "the smallest one" if exchange.case.body else "an empty one"
    tried = f"{first} got {_answered(exchange)}, a rich one got {_answered(rich)}"
    raise CannotJudge(f"no body is accepted: {tried}{_advice(session)}")


_ADVICE = "; state a valid one as `seed` in contract.yaml"


def _advice(session: Session) -> str:
    """Return the advice to state a body, where the contract has none and a body needs members."""
    return "" if session.catalogue.contract.data.seed is not None else _ADVICE


def _answered(exchange: Exchange) -> str:
    return f"{exchange.status}: {exchange.content[:160].decode('utf-8', 'replace')}" if exchange.status else str(exchange.error)


def _is_a_page(exchange: Exchange) -> bool:
    """Return whether the response is a page for people, which this API never gives."""
    return exchange.json is NOT_JSON and (
        b"<" in exchange.content[:200] or "text/html" in exchange.headers.get("content-type", "")
    )


def _problem(session: Session, exchange: Exchange) -> str | None:
    """Return why nothing can be judged here, in words for the user; None if something can."""
    target = session.target
    if exchange.error is not None:
        return f"{target.url} does not respond: {exchange.error}"
    problem = session.checker.unjudged(exchange)
    if problem is not None:
        return f"{target.url} responds with {problem}"
    if exchange.status in REFUSED:
        return f"{target.url} refuses the API key ({exchange.status}); check the key that was given"
    if exchange.status in (404, 405) or (_is_a_page(exchange) and exchange.status < 500):
        what = "no JSON" if exchange.json is NOT_JSON else f"status {exchange.status}"
        path = session.catalogue.contract.path
        media = exchange.headers.get("content-type", "no content type")
        return f"{target.url}{path} does not look like this API: an empty body got {what} ({exchange.status}, {media})"
    if 300 <= exchange.status < 400:
        return f"{target.url} redirects to {exchange.headers.get('location', 'elsewhere')}; give that URL as the target"
    return None
