"""Created calls: made, alone or from a parent call, read back, and watched for change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial

from conformance.checks.finding import Finding, as_found, shown
from conformance.checks.identity import UNIQUE
from conformance.checks.response import NIL
from conformance.http.endings import NoRoom
from conformance.http.exchange import Exchange
from conformance.phases.merging import Merging, Overriding
from conformance.phases.on_object import Query, on_call
from conformance.phases.problems import Problem, no_problem, of_object
from conformance.phases.refused_beside_parent import RefusedBesideParent
from conformance.session import Session
from openapi.json_types import Json
from strategies.bodies.encodings import percent_encoded
from strategies.case import Case, Side
from strategies.values.place_schema import admits

_WAITS = (0.1, 0.3, 0.6)  # shares of the time within which a created call has to be known


@dataclass(frozen=True)
class Call:
    """A created call: its id, and the response that reported of it."""

    id: str
    response: Json
    exchange: Exchange


@dataclass
class Calls:
    """The calls of a session; `readings` is what reading each back has shown first, by its id.

    `wholes` is the body of each, with what it takes over from its parent call.
    """

    session: Session
    readings: dict[str, Json] = field(default_factory=dict)
    wholes: dict[str, Json] = field(default_factory=dict)
    merging: Merging = field(init=False)
    refused_beside: RefusedBesideParent = field(init=False)

    def __post_init__(self) -> None:
        self.merging = Merging(self.session.checker.tolerances.may_merge)
        self.refused_beside = RefusedBesideParent(self.session)

    @property
    def seed(self) -> Json:
        """Return the smallest body that the target accepts."""
        return self.session.seed_body

    async def create(
        self,
        body: Json,
        parent: str | None = None,
        *,
        query: Query = (),
        ahead: Query = (),
        encoded: bool = False,
        label: str = "",
        may: bool = False,
        keep: bool = True,
        rule: str = "status.created",
    ) -> Call | None:
        """Return a new call; None if there is none, which is reported under the rule unless the server may refuse it.

        `keep` if later requests are about it; any other call is deleted at once. Of the other parameters `ahead` stands before
        that which names the parent call, and `query` behind. If `encoded`, the query is percent-encoded where it need not be.
        """
        session, body = self.session, self.session.completed(body)
        label = label or ("create from a parent call" if parent else "create")
        query = (*ahead, *(((session.checker.parent_parameter or "", parent),) if parent else ()), *query)
        text = percent_encoded(query) if encoded else None
        case = Case(side=Side.STATE, label=label, rule="status.created", body=body, query=query, query_text=text)
        try:
            exchange = await session.send(case, keep=keep)
        except NoRoom:
            return None
        if session.intake.is_unjudged(exchange, "status.created", "accepts"):
            return None
        whole = self._whole(parent, body)
        stand_together = session.plan.oracle.is_valid(whole)
        if not exchange.is_success:
            # What this server refuses has been reported with the bodies. A parent call may have one of two properties that
            # exclude each other, and the body the other. No documentation says which one stays: a server may take neither.
            if not may and not session.triage.refused_fields and stand_together:
                about = await self.refused_beside.rule(parent, body) if parent is not None else None
                self._refused(exchange, about or rule)
            return None
        session.intake.settle(
            exchange,
            self._of_override if parent else as_found,
            excused=lambda each: self._is_merged(exchange, parent, body, each),
        )
        identity = usable(session, session.objects.identifier.of(exchange.json))
        if identity is None:
            return None
        self.wholes[identity] = whole if stand_together else body
        self.merging.note(identity, parent, body)
        return Call(identity, exchange.json, exchange)

    def _whole(self, parent: str | None, body: Json) -> Json:
        """Return the body with what it does not set itself and takes over from a parent call that is known."""
        known = self.wholes.get(parent) if parent is not None else None
        return {**known, **body} if isinstance(known, dict) and isinstance(body, dict) else body

    def _of_override(self, finding: Finding) -> Finding:
        """Return what does not come back beside a parent call, but did without one, do not override it."""
        front, name, *_ = [*finding.rule.split("."), ""]
        rule = f"state.{name}.overridden"
        is_news = rule in self.session.catalogue.rules and not self.session.results.is_explained(name)
        return replace(finding, rule=rule, side="state") if (front, finding.side) == ("body", "echo") and is_news else finding

    def _is_merged(self, exchange: Exchange, parent: str | None, body: Json, finding: Finding) -> bool:
        """Return whether a property comes back otherwise than it was sent, being merged with that of the parent call."""
        front, name, *_ = [*finding.rule.split("."), ""]
        before, rule = self.merging.wholes.get(parent or "", {}).get(name), f"state.{name}.overridden"
        if (front, finding.side) != ("body", "echo") or before is None or rule not in self.session.catalogue.rules:
            return False
        compare = self.session.checker.echo.compare
        reported = replace(finding, rule=rule, side="state")
        overriding = Overriding(before, body.get(name), exchange.json.get(name))
        return self.merging.explains(
            reported, exchange, overriding, lambda each: not compare({name: each}, exchange.json, set())
        )

    def _refused(self, exchange: Exchange, rule: str) -> None:
        expected = f"status {self.session.catalogue.contract.status}, since the request violates no rule"
        actual = f"status {exchange.status}: {shown(exchange.excerpt(200))}"
        finding = Finding(rule, "state", expected, actual)
        self.session.intake.suspect_whole(finding, exchange, lambda again: None if again.is_success else actual)

    def note(self, rule: str, exchange: Exchange, expected: str, problem: Problem) -> None:
        """Note that a rule held, or a finding for triage; `problem` returns the problem with an exchange of the request."""
        found = problem(exchange)
        if found is None:
            self.session.intake.hold(rule, "state", exchange)
        else:
            self.session.intake.suspect_whole(Finding(rule, "state", expected, found), exchange, problem)

    def judge(self, result: Callable[[], None]) -> None:
        """Judge what several calls show, in its turn, unless calls share their ids: then nobody knows which is which."""
        self.session.intake.judge(lambda: None if self.are_shared else result())

    def equivalent(self, rule: str, name: str, known: Call, call: Call, how: str, parent: Call | None = None) -> None:
        """Check that a call shows a property as a known one does, unless the property fails for itself.

        `parent` is the call that it was made from, if the body overrides what that one had.
        """
        self.judge(partial(self._equivalent, rule, name, known, call, how, parent))

    def _equivalent(self, rule: str, name: str, known: Call, call: Call, how: str, parent: Call | None) -> None:
        session = self.session
        if rule in session.catalogue.rules and not session.results.is_explained(name):
            others = session.catalogue.response.properties.keys() - {name}

            def differs(response: Json, displayed: Json = call.response) -> str | None:
                return session.checker.equivalence.difference(response, displayed, without=others)

            problem = differs(known.response)
            before = (parent or known).response.get(name)
            overriding = Overriding(before, known.response.get(name), call.response.get(name))
            finding = Finding(rule, "state", f"/{name} {how}", problem or "")
            if problem is None and parent is not None and not self._is_choice(name):
                self.merging.note_replaced(overriding, lambda each: differs({name: each}) is not None)
            if problem is None or not self.merging.explains(
                finding, call.exchange, overriding, lambda each: differs({name: each}) is None
            ):
                self.note(rule, call.exchange, finding.expected, of_object(partial(differs, known.response)))

    def shown(self, name: str, value: Json) -> Problem:
        """Return what is wrong with a response to a creation that does not show a property with this value."""
        compare = self.session.checker.echo.compare
        return of_object(lambda shown: next((each.actual for each in compare({name: value}, shown, set())), None))

    def shown_otherwise(self, call: Call, name: str, value: Json, rule: str, expected: str) -> str | None:
        """Return how a call shows a property otherwise than with this value, or with it merged into its parent's."""
        echo, parent = self.session.checker.echo, self._parent_of(call)

        def fits(each: Json) -> bool:
            return not echo.compare({name: each}, call.response, set())

        invalid = echo.compare({name: value}, call.response, set())
        before = self.merging.wholes.get(parent or "", {}).get(name)
        overriding = Overriding(before, value, call.response.get(name))
        if not invalid and not self._is_choice(name):
            is_valid = self.session.plan.oracle.is_valid
            self.merging.note_replaced(overriding, lambda each: is_valid({name: each}) and not fits(each))
        if not invalid:
            return None
        finding = Finding(rule, "state", expected, invalid[0].actual)
        return None if self.merging.explains(finding, call.exchange, overriding, fits) else invalid[0].actual

    def _is_choice(self, name: str) -> bool:
        """Return whether a property is one of several alternatives, which a body replaces however objects are merged."""
        node = self.session.catalogue.body.properties.get(name)
        return node is not None and any(node.get(keyword) is not None for keyword in ("oneOf", "anyOf", "maxProperties"))

    def _parent_of(self, call: Call) -> str | None:
        parameter = self.session.checker.parent_parameter
        return next((text for name, text in call.exchange.case.query if name == parameter), None)

    def settle_merging(self) -> None:
        """Judge what looks merged: it is a violation of a server that replaces other properties."""
        for finding, exchange, is_violation in self.merging.settled():
            name = finding.rule.split(".")[1]
            same = partial(_shows_same, exchange, name, finding.actual)
            self.note(finding.rule, exchange, finding.expected, same if is_violation else no_problem)

    # --- reading

    async def get(self, identity: str, rule: str, *, is_new: bool = False) -> Exchange | None:
        """Return the response to reading a call, one that `is_new` within a second.

        None if it says nothing or is not served.
        """
        read = self.session.catalogue.contract.read
        if read is None or "read" in self.session.unserved:
            return None
        case = on_call("GET", read.path, identity, rule, "read back")
        exchange = await (self.once_known(case) if is_new else self.session.send(case))
        return None if self.session.intake.is_unjudged(exchange, rule, "state") else exchange

    async def once_known(self, case: Case) -> Exchange:
        """Return the exchange about a call just created, which may be known a little later (`late` in the table)."""
        table = self.session.checker.tolerances
        exchange = await self.session.send(case)
        for share in _WAITS:
            if exchange.status != table.not_yet:
                break
            await asyncio.sleep(table.late * share)
            exchange = await self.session.send(case)
        return exchange

    async def read_back(self, call: Call) -> None:
        """Read a call for the first time: it is what creating it gave."""
        exchange = await self.get(call.id, "state.read-back", is_new=True)
        if exchange is None:
            return
        equivalence = self.session.checker.equivalence
        self.judge(partial(self._compare, call, exchange))
        if exchange.is_success and isinstance(exchange.json, dict):
            # What reading shows otherwise than creating is reported, and no change.
            self.readings[call.id] = {
                name: value
                for name, value in exchange.json.items()
                if not equivalence.differs(name, call.response, exchange.json)
            }

    def _compare(self, call: Call, exchange: Exchange) -> None:
        explained = {name for name in call.response if self.session.results.is_explained(name)}

        def problem(read: Exchange) -> str | None:
            changed = self.session.checker.equivalence.changed(call.response, read, without=explained)
            return changed or self._unlike_described(read, call.response.keys() - explained)

        self.note("state.read-back", exchange, "the object that creating the call gave", problem)

    def _unlike_described(self, exchange: Exchange, known: Collection[str]) -> str | None:
        """Return what is not as the description says of a response that shows a call, whose creation showed some members."""
        contract = self.session.catalogue.contract
        media = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
        if contract.read is not None and exchange.status != contract.read.status:
            return f"status {exchange.status}"
        if not contract.is_described(media):
            return f"content type {media or 'is missing'}"
        lacking = sorted((contract.read.shows if contract.read is not None else frozenset()) & known - exchange.json.keys())
        return f"/{lacking[0]}, which is required, is missing" if lacking else None

    async def unchanged(self, call: Call, rule: str) -> None:
        """Read a call again: it is what it was when it was read before; a call that could not be read shows of no change."""
        known = self.readings.get(call.id)
        exchange = await self.get(call.id, rule) if known is not None else None
        if exchange is not None and known is not None:
            unknown = self.session.catalogue.response.properties.keys() - known
            problem = partial(self.session.checker.equivalence.changed, known, without=unknown)
            noun = self.session.catalogue.contract.data.created.noun
            self.judge(partial(self.note, rule, exchange, f"the {noun} as it was when it was read before", problem))

    @property
    def are_shared(self) -> bool:
        """Return whether calls share their ids, which is reported; which of them is read, or is a parent call, nobody knows."""
        return bool(self.session.results[UNIQUE].failures)


def usable(session: Session, identity: str | None) -> str | None:
    """Return the id of a call, if it is of the described form; None if a request with it would say nothing."""
    identifier = session.objects.identifier
    if identity is None or identity in ("", NIL):
        return None
    return identity if identifier.node is None or admits(identifier.node, identifier.value(identity)) else None


def first_parent(session: Session) -> Query:
    """Return the query that names the first call as the parent call; empty where there is none that can serve."""
    parameter, made = session.checker.parent_parameter, usable(session, session.objects.first())
    return ((parameter, made),) if parameter and made else ()


def _shows_same(first: Exchange, name: str, actual: str, again: Exchange) -> str | None:
    """Return what was found of a property in the first exchange, if another one shows the same value of it."""
    is_same = isinstance(again.json, dict) and again.json.get(name) == first.json.get(name)
    return actual if is_same else None
