"""Needs of fields that not every account or server meets (`x-needs`), found out before anything is judged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from conformance.concurrency.planning import computed
from conformance.phases.calls import Call, Calls
from conformance.phases.on_object import on_call
from conformance.session import Session
from openapi.catalogue import PROTOCOL, entries
from openapi.schema.nodes import Node
from strategies.case import Case
from strategies.coverage.single_choice import joined
from strategies.values.leniency import NEEDS


async def settle_needs(session: Session) -> None:
    """Try each field that needs something. Where none of them is accepted, any may be refused without blame."""
    groups = await computed(session.plan.premises)
    found = await session.gather([partial(_lacking, session, group) for group in groups])
    lacking = [node for nodes in found for node in nodes]
    if not lacking:
        return
    session.plan = session.plan.without(frozenset(node.path for node in lacking))
    for node in lacking:
        _report_rules(session, node, f"{node.path} needs {node.get(NEEDS)}: the server refuses every value of it")


async def _lacking(session: Session, group: Sequence[tuple[Node, list[Case]]]) -> list[Node]:
    """Return the fields of a group of which each case is refused; none where all of them are accepted in one body."""
    if len(group) > 1 and not await _is_refused(session, joined(group)):
        return []
    return [node for node, cases in group if await _are_refused(session, cases)]


async def _are_refused(session: Session, cases: Sequence[Case]) -> bool:
    """Return whether the server refuses each body."""
    for each in cases:
        if not await _is_refused(session, each):
            return False
    return True


def report_hazards(session: Session) -> None:
    """Say of the rules about fields that must never be sent why nothing bears on them."""
    for node in session.plan.oracle.root.walk():
        if node.get("x-hazard") is not None:
            _report_rules(session, node, f"{node.path} is never sent: it {node.get('x-hazard')}")


async def _is_refused(session: Session, case: Case) -> bool:
    """Return whether the server refuses a body; a server error is no refusal, nor is a response about something else."""
    exchange = await session.send(case)
    check_result = session.checker.check(exchange)
    session.intake.judge(partial(session.intake.take, exchange, check_result))
    return 400 <= exchange.status < 500 and check_result.unjudged is None


def _report_rules(session: Session, node: Node, reason: str) -> None:
    """Say why the rules about the field may come to be judged from one side only, or from none."""
    for rule in session.catalogue.rules:
        if f".{node.path}." in rule:
            session.results.skip(rule, reason)


async def settle_served(session: Session) -> None:
    """Find out whether created calls can be read and deleted here; nothing about an operation that is not served is judged."""
    contract, calls = session.catalogue.contract, Calls(session)
    if contract.read is None and contract.delete is None:
        return
    call = await calls.create(calls.seed, label="create what is read and deleted", may=True)
    if call is None:
        return
    for feature, method, operation in (("read", "GET", contract.read), ("delete", "DELETE", contract.delete)):
        if operation is not None:
            case = on_call(method, operation.path, call.id, f"state.{feature}", f"{method}: is it served")
            exchange = await calls.once_known(case)
            is_refused = exchange.status in session.checker.tolerances.unserved
            # A server that deletes and says "not found" serves it all the same.
            if is_refused and not (method == "DELETE" and await _is_gone(calls, call)):
                _leave_unserved(session, feature, f"{method} {operation.path} is not served: it got {exchange.status}")


async def _is_gone(calls: Calls, call: Call) -> bool:
    """Return whether a call that could be read just now cannot be found any more."""
    exchange = await calls.get(call.id, "state.delete")
    return exchange is not None and calls.session.checker.tolerances.allows("gone", exchange.status)


def _leave_unserved(session: Session, feature: str, reason: str) -> None:
    session.unserved[feature] = reason
    for entry in entries(PROTOCOL, "rules"):
        if feature in entry.get("needs", ()) and session.wants(entry["id"]):
            session.results.skip(entry["id"], reason)
