"""One run from start to end: the header, a baseline, the phases, the verdicts, the footer."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from conformance import VERSION
from conformance.checks.finding import Finding
from conformance.cli.process import long_lived
from conformance.http.exchange import NOT_JSON, Exchange
from conformance.http.key_watch import REFUSED
from conformance.http.redaction import redacted, spellings
from conformance.http.sender import BudgetSpent, CannotJudge
from conformance.phases import auth, bodies, probes, protocol, query, state
from conformance.phases.prerequisites import report_hazards, settle_needs, settle_served
from conformance.profiles import Profile
from conformance.results.recording import field_entries, requirement_entries, rule_entries
from conformance.session import Session
from openapi.catalogue import Catalogue
from reports.quantities import plural
from reports.record.entries import KEY_HEADER, Entry, Footer, Header, Outcome, Verdict
from strategies.case import Case, Side

Phase = Callable[[Session], None]
PHASES: dict[str, Phase] = {
    "bodies": bodies.run,
    "query": query.run,
    "auth": auth.run,
    "state": state.run,
    "protocol": protocol.run,
    "probes": probes.run,
}

# What is sent differs from seed to seed in these alone.
SEEDED = frozenset({"query", "state", "drawn", "machine", "second generator"})


def phases_of(profile: Profile) -> dict[str, Phase]:
    """The phases that a profile goes through. What draws is imported only where something is drawn."""
    if not profile.drawn:
        return PHASES
    from conformance.phases import fuzzing as drawn
    from conformance.phases import schemathesis as second
    from conformance.phases import stateful as machine

    return {**PHASES, "drawn": drawn.run, "machine": machine.run, "second generator": second.run}


CONFORMS, FAILS, INVALID, UNJUDGED = 0, 1, 2, 3


@dataclass
class Ending:
    """How a run ended."""

    outcome: str
    exit: int
    reason: str | None
    verdicts: list[Verdict] = field(default_factory=list)


def header(catalogue: Catalogue, session: Session, *, embedded: bool, command: str) -> Header:
    """The header of the record."""
    contract = catalogue.contract
    return Header(
        suite=f"ultravox-conformance {VERSION}",
        started=_now(),
        target=session.client.target.url,
        embedded=embedded,
        operation=f"{contract.method} {contract.path}",
        title=contract.title,
        description={"name": contract.description.name, "digest": contract.description.digest},
        overlays=[{"name": each.name, "digest": each.digest} for each in contract.overlays],
        notes=list(catalogue.notes),
        seed=session.seed,
        profile=session.profile.name,
        strict=session.strict,
        versions={"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in _PACKAGES}},
        command=command,
        contract=contract.data.name,
        key_header=next((key.name for key in contract.keys if key.location == "header"), KEY_HEADER),
        key_variable=contract.key_variable,
    )


_PACKAGES = ("hypothesis", "hypothesis-jsonschema", "schemathesis", "httpx", "jsonschema-rs", "pytest")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def carry_out(session: Session, head: Header, phases: dict[str, Phase] = PHASES) -> Ending:
    """Runs the phases and writes the record, whatever happens on the way. KeyboardInterrupt ends the run, not the record."""
    catalogue = session.catalogue
    opening: list[Entry] = [head, *rule_entries(catalogue), *field_entries(catalogue), *requirement_entries(catalogue)]
    for entry in opening:
        session.write(entry)
    with long_lived():
        ending = go_through(session, phases)
    for each in ending.verdicts:
        session.write(each)
    seconds = round(session.client.elapsed, 3)
    session.write(
        Footer(
            finished=_now(),
            outcome=ending.outcome,
            exit=ending.exit,
            reason=ending.reason,
            requests=session.client.sent,
            seconds=seconds,
        )
    )
    return ending


def go_through(session: Session, phases: Mapping[str, Phase]) -> Ending:
    """Runs a baseline and the phases, whatever happens on the way, and says how it ended."""
    reason: str | None = None
    interrupted = hopeless = False
    try:
        settle_baseline(session)
        for name, phase in phases.items():
            session.phase(name)
            phase(session)
            if session.cut_short:
                raise BudgetSpent
        session.sending.make_sure()
    except CannotJudge as problem:
        reason, hopeless = str(problem), True
    except BudgetSpent:
        reason = f"the budget of {plural(session.client.sent, 'request')} is spent; what it did not reach is skipped"
    except KeyboardInterrupt:
        reason, interrupted = "interrupted", True
        session.interrupted()
    except OSError:
        # The record cannot be written: nothing else is to be said, but the calls should go.
        session.tidy()
        raise
    except Exception as error:
        traceback.print_exc()
        reason, hopeless = f"the suite's own error: {type(error).__name__}: {error}", True
    session.conclude()
    return _ending(session, _tidied(session, reason), interrupted=interrupted, hopeless=hopeless)


def _tidied(session: Session, reason: str | None) -> str | None:
    """Deletes what the run created on a remote target; the reason says so if some of it is left."""
    left = session.tidy()
    if not left:
        return reason
    reported = f"{plural(left, 'created call')} could not be deleted"
    return f"{reason}; {reported}" if reason else reported


def _ending(session: Session, reason: str | None, *, interrupted: bool, hopeless: bool) -> Ending:
    if reason is not None:
        reason = redacted(reason, spellings(session.client.target.key))  # it may quote an answer
        for rule in session.catalogue.rules:
            session.results.skip(rule, reason)
    verdicts = session.verdicts()
    reason = "; ".join([*([reason] if reason is not None else []), *session.unserved.values()]) or None
    outcomes = {each.outcome for each in verdicts}
    if Outcome.FAIL in outcomes:
        return Ending("interrupted" if interrupted else "fails", FAILS, reason, verdicts)
    if interrupted:
        return Ending("interrupted", UNJUDGED, reason, verdicts)
    nothing = not outcomes & {Outcome.PASS, Outcome.OBSERVED}
    if nothing or hopeless or (reason is not None and session.baseline is None):
        return Ending("unjudged", UNJUDGED, reason or "no rule could be judged", verdicts)
    if Outcome.ERROR in outcomes:
        errors = sum(each.outcome is Outcome.ERROR for each in verdicts)
        return Ending("unjudged", UNJUDGED, f"{errors} rules could not be judged", verdicts)
    return Ending("conforms", CONFORMS, reason, verdicts)


def settle_baseline(session: Session) -> None:
    """Sends the simplest request there is. CannotJudge where its answer shows that nothing else can be judged."""
    exchange = session.exchange(Case(side=Side.ACCEPTS, label="an empty body", rule="status.created", body={}))
    problem = _problem(session, exchange)
    if problem is not None:
        raise CannotJudge(problem)
    if exchange.status >= 500 or not exchange.is_success:
        rich = session.exchange(next(iter(session.plan.combinations(1))))
        if not rich.is_success:
            _nothing_accepted(session, exchange, rich)
    if exchange.is_success:
        session.baseline = exchange
        session.sending.admission.taken = exchange.case
        session.hold("query.unset", "accepts", exchange)
    session.take(exchange, session.checker.check(exchange))
    report_hazards(session)
    settle_needs(session)
    settle_served(session)


def _nothing_accepted(session: Session, exchange: Exchange, rich: Exchange) -> None:
    expected = f"status {session.catalogue.contract.status}"
    for each in (exchange, rich):
        if each.status:
            session.results.fail(Finding("status.created", "accepts", expected, _answered(each)), each)
            if each.status >= 500:
                session.results.fail(
                    Finding("robustness.server-error", "robustness", "a status below 500", _answered(each)), each
                )
    raise CannotJudge(f"no body is accepted: an empty one got {_answered(exchange)}, a rich one got {_answered(rich)}")


def _answered(exchange: Exchange) -> str:
    return f"{exchange.status}: {exchange.content[:160].decode('utf-8', 'replace')}" if exchange.status else str(exchange.error)


def _is_a_page(exchange: Exchange) -> bool:
    """Whether the answer is a page for people, which this API never gives."""
    return exchange.json is NOT_JSON and (
        b"<" in exchange.content[:200] or "text/html" in exchange.headers.get("content-type", "")
    )


def _problem(session: Session, exchange: Exchange) -> str | None:
    """Why nothing can be judged here, in words for the user; None if something can."""
    target = session.client.target
    if exchange.error is not None:
        return f"{target.url} does not answer: {exchange.error}"
    problem = session.checker.unjudged(exchange)
    if problem is not None:
        return f"{target.url} answers {problem}"
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
