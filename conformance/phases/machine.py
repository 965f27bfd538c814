"""The phase of the state machine: calls are created, made from prior ones, read and deleted in every order Hypothesis finds."""

from __future__ import annotations

import warnings
from dataclasses import replace

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

from conformance.exchange import Exchange
from conformance.judging.findings import Finding
from conformance.phases.calls import on_call, usable
from conformance.sending import BudgetSpent, CannotJudge
from conformance.session import Session
from openapi.json_types import Json
from strategies.cases import Case, Side
from strategies.drawing import Bodies

_STEPS = 8


class _Breach(Exception):
    """A step did not go as the model says."""

    def __init__(self, finding: Finding, exchange: Exchange) -> None:
        super().__init__(finding.actual)
        self.finding, self.exchange = finding, exchange


def run(session: Session) -> None:
    """Runs the machine as often as the profile says; a breach is reported with the shortest sequence of steps."""
    count = session.profile.machine_steps // _STEPS
    if count and session.catalogue.contract.read is not None and session.wants("state.read-back"):
        _explore(session, count)


def _explore(session: Session, count: int) -> None:
    machine = _machine(session)
    chosen = settings(
        max_examples=count,
        stateful_step_count=_STEPS,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run_state_machine_as_test(hypothesis.seed(session.seed)(machine), settings=chosen)
    except _Breach as breach:
        steps = " ← ".join(reversed(machine.steps[-_STEPS:]))
        session.fail_at(replace(breach.finding, actual=f"{breach.finding.actual} (after: {steps})"), breach.exchange)
    except (BudgetSpent, CannotJudge, KeyboardInterrupt):
        raise
    except hypothesis.errors.Unsatisfiable:
        return  # the server answers other things than what it is asked: there are no steps to judge
    except hypothesis.errors.Flaky:
        session.tallies["robustness.repeatable"].observed.setdefault(
            "a sequence of steps failed once, and not again", []
        ).append("")


def _machine(session: Session) -> type[_Calls]:
    return type("Calls", (_Calls,), {"session": session, "bodies": st.just({}) | Bodies(session.plan).valid(), "steps": []})


class _Calls(RuleBasedStateMachine):
    """Created calls, with what each one's answer was."""

    session: Session
    bodies: st.SearchStrategy[Json]
    steps: list[str]
    calls: Bundle[str] = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, Json] = {}
        type(self).steps.clear()

    @rule(target=calls, data=st.data())
    def create(self, data: st.DataObject) -> str | MultipleResults[str]:
        """A new call."""
        return self._create(data.draw(type(self).bodies, label="body"), ()) or multiple()

    @rule(target=calls, prior=calls)
    def create_from(self, prior: str) -> str | MultipleResults[str]:
        """A call made from a prior one, which it takes everything from."""
        name = self.session.judge.prior_parameter
        call = self._create({}, ((name, prior),) if name else ())
        if call is not None and name:
            self._inherits(call, prior)
        return call or multiple()

    @rule(call=calls)
    def read(self, call: str) -> None:
        """A call is what it was."""
        assert self.session.catalogue.contract.read is not None
        path = self.session.catalogue.contract.read.path
        exchange = self._send(on_call("GET", path, call, "state.read-back", "read back"))
        problem = self.session.judge.likeness.changed(self.model[call], exchange)
        if problem is not None:
            raise _Breach(Finding("state.read-back", "state", "the object that creating the call gave", problem), exchange)
        self.session.hold("state.read-back", "state", exchange)

    @rule(call=consumes(calls))
    def delete(self, call: str) -> None:
        """A call is gone once it is deleted."""
        operation = self.session.catalogue.contract.delete
        if operation is None:
            return
        exchange = self._send(on_call("DELETE", operation.path, call, "state.delete", "delete"))
        table = self.session.judge.tolerances
        if not table.allows("deleted", exchange.status):
            finding = Finding("state.delete", "state", f"status {table.says('deleted')}", f"status {exchange.status}")
            raise _Breach(finding, exchange)

    def _create(self, body: Json, query: tuple[tuple[str, str], ...]) -> str | None:
        """The id of a new call; None where there is none, and that is known or no breach."""
        case = Case(side=Side.STATE, label="create", rule="status.created", body=body, query=query, phase="drawn")
        exchange = self._send(case)
        if not exchange.is_success and self.session.culprits:
            return None  # what this server refuses has been told with the bodies
        if not exchange.is_success or not isinstance(exchange.json, dict):
            finding = Finding(
                "status.created", "accepts", f"status {self.session.catalogue.contract.status}", f"status {exchange.status}"
            )
            raise _Breach(finding, exchange)
        call = usable(self.session, exchange.json.get(self.session.created.identifier))
        if call is not None:
            self.model[call] = exchange.json
        return call

    def _inherits(self, call: str, prior: str) -> None:
        names = [
            name for name in self.session.catalogue.body.properties if f"state.{name}.inherited" in self.session.catalogue.rules
        ]
        for name in names:
            if self.session.judge.likeness.differs(name, self.model[prior], self.model[call]):
                finding = Finding(f"state.{name}.inherited", "state", f"/{name} as in the prior call", f"/{name} is another")
                raise _Breach(finding, self.last)

    def _send(self, case: Case) -> Exchange:
        self.last = self.session.exchange(case)
        type(self).steps.append(f"{case.label} ({self.last.status})")
        if self.last.error is not None or self.last.status in self.session.judge.tolerances.unjudged:
            hypothesis.reject()
        if self.last.status >= 500:
            finding = Finding("robustness.server-error", "robustness", "a status below 500", f"status {self.last.status}")
            raise _Breach(finding, self.last)
        return self.last
