"""One run from start to end: the header, a baseline, the phases, the verdicts, the footer."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module

from conformance.http.endings import BudgetSpent, CannotJudge, NoRoom
from conformance.phases import auth, bodies, examples, late, probes, protocol, query, state
from conformance.phases.baseline import settle_baseline
from conformance.profiles import EXPLORING, Profile
from conformance.results.recording import field_entries, requirement_entries, rule_entries
from conformance.session import Session
from conformance.session.beside import take_turn
from conformance.session.choice import REPLAYED
from conformance.session.heading import now
from reports.quantities import plural
from reports.record.ending import ended
from reports.record.entries import Entry, Footer, Header, Verdict

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
    "third generator": ".phases.third_generator",
}

# What is sent differs from seed to seed in these alone.
SEEDED = frozenset({"query", "state", "late", *EXPLORING})


def phases_of(profile: Profile, *, replays: bool = False) -> dict[str, Phase]:
    """Return the phases of a profile, in their order; where it `replays`, what failed before comes first."""
    first: dict[str, Phase] = {REPLAYED: examples.run} if replays else {}
    return first | {
        name: PHASES[name] if name in PHASES else import_module(_DRAWING[name], __package__).run for name in profile.phases
    }


@dataclass
class Ending:
    """How a run ended."""

    outcome: str
    exit: int
    reason: str | None
    verdicts: list[Verdict] = field(default_factory=list)


@contextmanager
def long_lived() -> Iterator[None]:
    """Return a context that spares garbage collection what there is: catalogue and plan stay to the end, and are large.

    What survives a whole search within it is spared as well: results and planned bodies, which would take 0.1 s each time.
    It is spared when the next search begins. Hypothesis searches, and then asks who refers to its source of random numbers:
    it would see nobody who is spared, and warn. Nothing is changed where something is spared already: whoever owns the
    process has seen to it, and would lose that.
    """
    if gc.get_freeze_count():
        yield
        return
    survived = False

    def spare(phase: str, found: dict[str, int]) -> None:
        nonlocal survived
        if phase == "stop":
            survived = found["generation"] == len(gc.get_threshold()) - 1
        elif survived:
            gc.freeze()

    gc.freeze()
    gc.callbacks.append(spare)
    try:
        yield
    finally:
        gc.callbacks.remove(spare)
        gc.unfreeze()


def carry_out(session: Session, head: Header, phases: dict[str, Phase] = PHASES) -> Ending:
    """Run the phases, write the record, and return how it ended. KeyboardInterrupt ends the run, not the record."""
    return carry_out_beside([(session, head)], phases)[0]


def carry_out_beside(parts: Sequence[tuple[Session, Header]], phases: dict[str, Phase] = PHASES) -> list[Ending]:
    """Run the phases for sessions that are beside each other, write the record, and return how each of them ended."""
    for session, head in parts:
        catalogue = session.catalogue
        opening: list[Entry] = [head, *rule_entries(catalogue), *field_entries(catalogue), *requirement_entries(catalogue)]
        for entry in opening:
            session.write(entry)
    sessions = [session for session, _ in parts]
    with long_lived():
        endings = go_through_beside(sessions, phases)
    sent, most_live = (max(each) for each in zip(*((s.sender.sent, s.objects.highest) for s in sessions), strict=True))
    for session, ending in zip(sessions, endings, strict=True):
        for each in ending.verdicts:
            session.write(each)
        if session.examples is not None:
            session.examples.keep(ending.verdicts, session.client.untagged)
        session.write(_footer(session, ending, sent, most_live))
    return endings


def _footer(session: Session, ending: Ending, sent: int, most_live: int) -> Footer:
    return Footer(
        finished=now(),
        outcome=ending.outcome,
        exit=ending.exit,
        reason=ending.reason,
        requests=sent,
        seconds=round(session.client.elapsed, 3),
        created=len(session.objects.numbers),
        most_live=most_live,
        left=list(session.objects.live) if session.clean_up else [],
    )


def go_through(session: Session, phases: Mapping[str, Phase]) -> Ending:
    """Run a baseline and the phases, whatever happens on the way; return how it ended.

    An interruption cancels what is waited for; what was responded to by then is judged, and what was created is deleted.
    """
    return go_through_beside([session], phases)[0]


def go_through_beside(sessions: Sequence[Session], phases: Mapping[str, Phase]) -> list[Ending]:
    """Run a baseline and each phase for one session after the other; return how each of them ended."""
    with _interrupted_by_the_loop(), asyncio.Runner() as runner:
        return runner.run(_go_through([_Way(session) for session in sessions], phases))


@contextmanager
def _interrupted_by_the_loop() -> Iterator[None]:
    """Return a context in which asyncio handles SIGINT, which it does only in place of Python's own handler."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, before)


@dataclass
class _Way:
    """The way of a session through a run; `reason` says why it has ended early, None while it goes on."""

    session: Session
    reason: str | None = None
    is_interrupted: bool = False
    is_hopeless: bool = False

    async def go(self, step: Callable[[Session], Awaitable[None]]) -> None:
        """Carry out a step, unless this way has ended. OSError where the record cannot be written."""
        if self.reason is not None:
            return
        try:
            with suppress(NoRoom):  # the session has noted it; what follows may need less
                await step(self.session)
        except CannotJudge as problem:
            self.reason, self.is_hopeless = str(problem), True
        except BudgetSpent:
            self.reason = _spent(self.session)
        except OSError:
            raise
        except Exception as error:
            traceback.print_exc()
            self.reason, self.is_hopeless = f"the suite's own error: {type(error).__name__}: {error}", True

    def interrupt(self) -> None:
        """End this way since the run was interrupted, unless it has ended before."""
        self.session.sender.end()
        self.reason, self.is_interrupted = self.reason or "interrupted", self.reason is None
        self.session.interrupted()

    def conclude(self) -> None:
        """Note what was found, and what lacked room."""
        session = self.session
        if self.reason is None and session.lacks_room:
            self.reason = f"the run needs more than {session.max_live} created calls at once; what it did not reach is skipped"
        session.conclude()


async def _go_through(ways: Sequence[_Way], phases: Mapping[str, Phase]) -> list[Ending]:
    try:
        await _test(ways, phases)
    except (KeyboardInterrupt, asyncio.CancelledError):
        for way in ways:
            way.interrupt()
    except OSError:
        # The record cannot be written: nothing else is to be said, but what was created should go.
        for way in ways:
            await _close(way.session)
        raise
    for way in ways:
        way.conclude()
    left = [await _close(way.session) for way in ways]
    return [_ending(way, count) for way, count in zip(ways, left, strict=True)]


async def _test(ways: Sequence[_Way], phases: Mapping[str, Phase]) -> None:
    """Send a baseline and run the phases that are needed, for one session after the other.

    Nothing that a phase has created is deleted before each session has been through it.
    """
    before = ways[0].session
    steps: list[Callable[[Session], Awaitable[None]]] = [settle_baseline]
    for name, phase in phases.items():
        steps += [partial(_carry_out, name=name, phase=phase), partial(_settle, name=name)]
    for step in (*steps, _make_sure):
        for way in ways:
            take_turn(way.session, before)
            before = way.session
            await way.go(step)


async def _carry_out(session: Session, name: str, phase: Phase) -> None:
    if not session.choice.needs_phase(name):
        return
    session.phase(name)
    with suppress(NoRoom):
        await phase(session)
    await session.examine()
    if session.max_live is not None:  # the next session needs the room
        await session.release()


async def _settle(session: Session, name: str) -> None:
    """Delete what a phase has created, and record what is known. BudgetSpent where a budget has cut it short."""
    if not session.choice.needs_phase(name):
        return
    await session.release()
    session.checkpoint()
    if session.sender.cut_short:
        raise BudgetSpent


async def _make_sure(session: Session) -> None:
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


def _ending(way: _Way, left: int) -> Ending:
    session, reason, interrupted, hopeless = way.session, way.reason, way.is_interrupted, way.is_hopeless
    if reason is not None:
        reason = session.client.redaction.text(reason)  # it may quote a response
        for rule in session.catalogue.rules:
            session.results.skip(rule, reason)
    verdicts = session.verdicts()
    reason = _with_left(reason, left)  # for which no rule was skipped
    reason = "; ".join([*([reason] if reason is not None else []), *session.unserved.values()]) or None
    found = ended(
        (each.outcome for each in verdicts),
        reason,
        interrupted=interrupted,
        hopeless=hopeless or (reason is not None and session.baseline is None),
        partial=session.choice.share is not None and session.baseline is not None,
    )
    return Ending(found.outcome, found.exit, found.reason, verdicts)
