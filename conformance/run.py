"""One run from start to end: the header, a baseline, the phases, the verdicts, the footer."""

from __future__ import annotations

import asyncio
import datetime
import gc
import importlib.metadata
import platform
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from conformance import VERSION
from conformance.http.endings import BudgetSpent, CannotJudge, NoRoom
from conformance.http.keys import forms_of
from conformance.phases import auth, bodies, late, probes, protocol, query, state
from conformance.phases.baseline import settle_baseline
from conformance.profiles import EXPLORING, Profile
from conformance.results.recording import facts_of, field_entries, requirement_entries, rule_entries
from conformance.session import Session
from openapi.catalogue import Catalogue
from reports.quantities import plural
from reports.record.ending import ended
from reports.record.entries import KEY_HEADER, Entry, Footer, Header, Verdict

Phase = Callable[[Session], Awaitable[None]]
PHASES: dict[str, Phase] = {
    "bodies": bodies.run,
    "query": query.run,
    "auth": auth.run,
    "state": state.run,
    "protocol": protocol.run,
    "probes": probes.run,
    "late": late.run,
}

# Modules that draw take longer to import than the first request may wait: they are imported where a profile has them.
_DRAWING = {
    "drawn": ".phases.fuzzing",
    "machine": ".phases.stateful",
    "second generator": ".phases.schemathesis",
}

# What is sent differs from seed to seed in these alone.
SEEDED = frozenset({"query", "state", "late", *EXPLORING})


def phases_of(profile: Profile) -> dict[str, Phase]:
    """Return the phases of a profile, in their order."""
    return {name: PHASES[name] if name in PHASES else import_module(_DRAWING[name], __package__).run for name in profile.phases}


@dataclass
class Ending:
    """How a run ended."""

    outcome: str
    exit: int
    reason: str | None
    verdicts: list[Verdict] = field(default_factory=list)


def header(
    catalogue: Catalogue,
    session: Session,
    *,
    embedded: bool,
    command: str,
    options: Mapping[str, Any] | None = None,
    kept: str | None = None,
) -> Header:
    """Return the header of the record; `kept` is the digest of the description as it stands beside a history."""
    contract = catalogue.contract
    description = {"name": contract.description.name, "digest": contract.description.digest, "version": contract.version}
    return Header(
        suite=f"ultravox-conformance {VERSION}",
        started=_now(),
        target=session.target.url,
        embedded=embedded,
        operation=f"{contract.method} {contract.path}",
        title=contract.title,
        description=description if kept is None else {**description, "kept": kept},
        overlays=[{"name": each.name, "digest": each.digest} for each in contract.overlays],
        notes=list(catalogue.notes),
        seed=session.seed,
        profile=session.profile.name,
        strict=session.strict,
        versions={"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in _PACKAGES}},
        command=command,
        options=dict(options or {}),
        run=session.client.run,
        correlation=session.target.correlation,
        contract=contract.data.name,
        key_header=next((key.name for key in contract.keys if key.location == "header"), KEY_HEADER),
        key_variable=contract.key_variable,
        keys=forms_of(contract, contract.keys),
        facts=dict(facts_of(contract)),
    )


_PACKAGES = ("hypothesis", "hypothesis-jsonschema", "schemathesis", "httpx", "jsonschema-rs", "pytest")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


@contextmanager
def long_lived() -> Iterator[None]:
    """Return a context that spares garbage collection what there is: catalogue and plan stay to the end, and are large."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def carry_out(session: Session, head: Header, phases: dict[str, Phase] = PHASES) -> Ending:
    """Run the phases, write the record, and return how it ended. KeyboardInterrupt ends the run, not the record."""
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
            requests=session.sender.sent,
            seconds=seconds,
            created=len(session.objects.numbers),
            most_live=session.objects.highest,
            left=list(session.objects.live) if session.clean_up else [],
        )
    )
    return ending


def go_through(session: Session, phases: Mapping[str, Phase]) -> Ending:
    """Run a baseline and the phases, whatever happens on the way; return how it ended.

    An interruption cancels what is waited for; what was responded to by then is judged, and what was created is deleted.
    """
    with asyncio.Runner() as runner:
        return runner.run(_go_through(session, phases))


async def _go_through(session: Session, phases: Mapping[str, Phase]) -> Ending:
    reason: str | None = None
    interrupted = hopeless = False
    try:
        await _test(session, phases)
    except CannotJudge as problem:
        reason, hopeless = str(problem), True
    except BudgetSpent:
        reason = _spent(session)
    except (KeyboardInterrupt, asyncio.CancelledError):
        session.sender.end()
        reason, interrupted = "interrupted", True
        session.interrupted()
    except OSError:
        # The record cannot be written: nothing else is to be said, but what was created should go.
        await _close(session)
        raise
    except Exception as error:
        traceback.print_exc()
        reason, hopeless = f"the suite's own error: {type(error).__name__}: {error}", True
    if reason is None and session.lacks_room:
        reason = f"the run needs more than {session.max_live} created calls at once; what it did not reach is skipped"
    session.conclude()
    left = await _close(session)
    return _ending(session, _with_left(reason, left), interrupted=interrupted, hopeless=hopeless)


async def _test(session: Session, phases: Mapping[str, Phase]) -> None:
    """Send a baseline, and run the phases that are needed. BudgetSpent, CannotJudge or Ended where that ends early."""
    with suppress(NoRoom):  # the session has noted it; what follows may need less
        await settle_baseline(session)
    for name, phase in phases.items():
        if not session.choice.needs_phase(name):
            continue
        session.phase(name)
        with suppress(NoRoom):
            await phase(session)
        await session.examine()
        await session.release()
        session.checkpoint()
        if session.sender.cut_short:
            raise BudgetSpent
    await session.sender.make_sure()


def _spent(session: Session) -> str:
    """Return which budget is spent, in words."""
    if session.sender.spent is not None:
        return f"{session.sender.spent}; what was not reached is skipped"
    created, most = len(session.objects.numbers), session.max_created
    if most is not None and created >= most:
        return f"the budget of {plural(created, 'created call')} is spent; what it did not reach is skipped"
    return f"the budget of {plural(session.sender.requests, 'request')} is spent; what it did not reach is skipped"


async def _close(session: Session) -> int:
    """Delete what the run created, and close the connections; return how much could not be deleted."""
    try:
        return await session.sender.tidy()
    finally:
        await session.sender.aclose()


def _with_left(reason: str | None, left: int) -> str | None:
    """Return the reason with what could not be deleted."""
    if not left:
        return reason
    reported = f"{plural(left, 'created call')} could not be deleted"
    return f"{reason}; {reported}" if reason else reported


def _ending(session: Session, reason: str | None, *, interrupted: bool, hopeless: bool) -> Ending:
    if reason is not None:
        reason = session.client.redaction.text(reason)  # it may quote a response
        for rule in session.catalogue.rules:
            session.results.skip(rule, reason)
    verdicts = session.verdicts()
    reason = "; ".join([*([reason] if reason is not None else []), *session.unserved.values()]) or None
    found = ended(
        (each.outcome for each in verdicts),
        reason,
        interrupted=interrupted,
        hopeless=hopeless or (reason is not None and session.baseline is None),
        partial=session.choice.share is not None and session.baseline is not None,
    )
    return Ending(found.outcome, found.exit, found.reason, verdicts)
