"""The phase of the state machine: calls are created, made from prior ones, read and deleted in every order Hypothesis finds."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NoReturn

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    multiple,
    rule,
    run_state_machine_as_test,
)

from conformance.checks.finding import Finding
from conformance.concurrency.planning import FromThread, computed
from conformance.http.endings import BudgetSpent, CannotJudge, Ended, NoRoom
from conformance.http.exchange import Exchange
from conformance.http.sender import GRACE
from conformance.phases.calls import usable
from conformance.phases.on_object import on_call
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side
from strategies.fuzzing.body_strategies import Bodies

_STEPS = 8
_SHORTENING = 160  # requests, once a violation is seen, to find a shorter way to it


class _Violation(Exception):
    """A step did not go as the model says."""

    def __init__(self, finding: Finding, exchange: Exchange) -> None:
        super().__init__(finding.actual)
        self.finding, self.exchange = finding, exchange


class _Enough(KeyboardInterrupt):
    """As many requests are spent on a shorter way to a violation as may be.

    Hypothesis lets no other exception pass unexamined.
    """


@dataclass
class _Trace:
    """The shared state of the runs of one machine: session, draws, steps so far, and the shortest way to a violation."""

    session: Session
    pass_on: Callable[[Case], Exchange]
    let_go: Callable[[Iterable[str]], object]
    bodies: st.SearchStrategy[Json]
    steps: list[str] = field(default_factory=list)
    shortest: tuple[_Violation, list[str]] | None = None
    spent: int = 0

    def violation(self, finding: Finding, exchange: Exchange) -> NoReturn:
        """End this run."""
        found = _Violation(finding, exchange)
        if self.shortest is None or len(self.steps) <= len(self.shortest[1]):
            self.shortest = found, list(self.steps)
        raise found

    def send(self, case: Case) -> Exchange:
        """Return the exchange of a request that is sent as the next step."""
        if self.shortest is not None:
            self.spent += 1
            if self.spent > _SHORTENING:
                raise _Enough
        exchange = self.pass_on(case)
        self.steps.append(f"{case.label} ({exchange.status})")
        return exchange


async def run(session: Session) -> None:
    """Run the machine as often as the profile says; a violation is reported with the shortest sequence of steps."""
    count = session.profile.machine_steps // _STEPS
    if count and session.catalogue.contract.read is not None and session.wants("state.read-back"):
        loop = asyncio.get_running_loop()
        send = FromThread(loop, partial(session.sender.send, keep=True))
        let_go = FromThread(loop, session.sender.delete_all)
        # Hypothesis decides on each step when it knows the response to the one before it, in its own thread.
        await computed(partial(_explore, session, send, let_go, count), GRACE, session.sender.end)


def _explore(
    session: Session, pass_on: Callable[[Case], Exchange], let_go: Callable[[Iterable[str]], object], count: int
) -> None:
    trace = _Trace(session, pass_on, let_go, st.just(session.seed_body) | Bodies(session.plan).valid())
    chosen = settings(
        max_examples=count,
        stateful_step_count=_STEPS,
        database=None if session.examples is None else session.examples.database,
        deadline=None,
        derandomize=False,
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    machine: type[_Calls] = type("Calls", (_Calls,), {"trace": trace})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run_state_machine_as_test(hypothesis.seed(session.seed)(machine), settings=chosen)
    except (_Violation, _Enough):
        _report_rules(trace)
    except (BudgetSpent, CannotJudge, Ended, KeyboardInterrupt):
        raise
    except hypothesis.errors.Unsatisfiable:
        return  # the server responds to something else: there are no steps to judge
    except hypothesis.errors.Flaky:
        if trace.shortest is not None:
            _report_rules(trace)
            return
        session.results["robustness.repeatable"].observed.setdefault(
            "a sequence of steps failed once, and not again", []
        ).append("")
    finally:
        del machine.trace  # Hypothesis keeps every machine that it has seen


def _report_rules(trace: _Trace) -> None:
    """Show the violation by the shortest way to it."""
    assert trace.shortest is not None
    violation, steps = trace.shortest
    reported = f"{violation.finding.actual} (after: {' ← '.join(reversed(steps[-_STEPS:]))})"
    trace.session.intake.fail_at(replace(violation.finding, actual=reported), violation.exchange)


class _Calls(RuleBasedStateMachine):
    """Created calls, with what each one's response was."""

    trace: _Trace
    calls: Bundle[str] = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.session = self.trace.session
        self.model: dict[str, Json] = {}
        self.trace.steps.clear()

    @rule(target=calls, data=st.data())
    def create(self, data: st.DataObject) -> str | MultipleResults[str]:
        """Return a new call."""
        return self._create(data.draw(self.trace.bodies, label="body"), ()) or multiple()

    @rule(target=calls, parent=calls)
    def create_from(self, parent: str) -> str | MultipleResults[str]:
        """Return a call made from a parent call, which it takes everything from."""
        name = self.session.checker.parent_parameter
        call = self._create(self.session.seed_body, ((name, parent),) if name else ())
        if call is not None and name:
            self._inherits(call, parent)
        return call or multiple()

    @rule(call=calls)
    def read(self, call: str) -> None:
        """A call is what it was."""
        assert self.session.catalogue.contract.read is not None
        path = self.session.catalogue.contract.read.path
        exchange = self._send(on_call("GET", path, call, "state.read-back", "read back"))
        problem = self.session.checker.equivalence.changed(self.model[call], exchange)
        if problem is not None:
            self.trace.violation(
                Finding("state.read-back", "state", "the object that creating the call gave", problem), exchange
            )
        self.session.intake.hold("state.read-back", "state", exchange)

    @rule(call=consumes(calls))
    def delete(self, call: str) -> None:
        """A call is gone once it is deleted."""
        operation = self.session.catalogue.contract.delete
        if operation is None:
            return
        exchange = self._send(on_call("DELETE", operation.path, call, "state.delete", "delete"))
        table = self.session.checker.tolerances
        if not table.allows("deleted", exchange.status):
            finding = Finding("state.delete", "state", f"status {table.says('deleted')}", f"status {exchange.status}")
            self.trace.violation(finding, exchange)

    def teardown(self) -> None:
        """Delete the calls of this sequence, if created calls are deleted."""
        if self.session.clean_up:
            self.trace.let_go(self.model)

    def _create(self, body: Json, query: tuple[tuple[str, str], ...]) -> str | None:
        """Return the id of a new call; None where there is none, and that is known or no violation."""
        case = Case(side=Side.STATE, label="create", rule="status.created", body=body, query=query, phase="drawn")
        try:
            exchange = self._send(case)
        except NoRoom:
            return None  # as many calls as may exist are part of this sequence
        if not exchange.is_success and self.session.triage.refused_fields:
            return None  # what this server refuses has been reported with the bodies
        if not exchange.is_success or not isinstance(exchange.json, dict):
            finding = Finding(
                "status.created", "accepts", f"status {self.session.catalogue.contract.status}", f"status {exchange.status}"
            )
            self.trace.violation(finding, exchange)
        call = usable(self.session, self.session.objects.identifier.of(exchange.json))
        if call is not None:
            self.model[call] = exchange.json
        return call

    def _inherits(self, call: str, parent: str) -> None:
        names = [
            name for name in self.session.catalogue.body.properties if f"state.{name}.inherited" in self.session.catalogue.rules
        ]
        for name in names:
            if self.session.checker.equivalence.differs(name, self.model[parent], self.model[call]):
                finding = Finding(f"state.{name}.inherited", "state", f"/{name} as in the parent call", f"/{name} is another")
                self.trace.violation(finding, self.last)

    def _send(self, case: Case) -> Exchange:
        self.last = self.trace.send(case)
        if self.session.checker.unjudged(self.last) is not None:
            hypothesis.reject()
        if self.last.status >= 500:
            finding = Finding("robustness.server-error", "robustness", "a status below 500", f"status {self.last.status}")
            self.trace.violation(finding, self.last)
        return self.last
