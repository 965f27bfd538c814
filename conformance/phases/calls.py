"""Created calls: made, alone or from a prior one, read back, and watched for change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import quote

from conformance.checks.finding import Finding, as_found, shown
from conformance.checks.response import NIL
from conformance.http.cleanup import UNIQUE
from conformance.http.exchange import Exchange
from conformance.session import Session
from openapi.json_types import Json
from strategies.bodies.encodings import percent_encoded
from strategies.case import NO_BODY, Case, Key, Side
from strategies.values.valid import admits

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Call:
    """A created call: its id, and the answer that told of it."""

    id: str
    response: Json
    exchange: Exchange


@dataclass
class Calls:
    """The calls of a session; `readings` is what reading each back has shown first, by its id.

    `wholes` is the body of each, with what it takes over from its prior call.
    """

    session: Session
    readings: dict[str, Json] = field(default_factory=dict)
    wholes: dict[str, Json] = field(default_factory=dict)

    def create(
        self,
        body: Json,
        parent: str | None = None,
        *,
        query: Query = (),
        ahead: Query = (),
        encoded: bool = False,
        label: str = "",
        may: bool = False,
        rule: str = "status.created",
    ) -> Call | None:
        """A new call; None if there is none, which is told under the rule unless the server may refuse it.

        Of the other parameters `ahead` stands before that which names the prior call, and `query` behind.
        If `encoded`, the query is percent-encoded where it need not be.
        """
        session = self.session
        label = label or ("create from a prior call" if parent else "create")
        query = (*ahead, *(((session.checker.parent_parameter or "", parent),) if parent else ()), *query)
        text = percent_encoded(query) if encoded else None
        case = Case(side=Side.STATE, label=label, rule="status.created", body=body, query=query, query_text=text)
        exchange = session.exchange(case)
        if session.is_unjudged(exchange, "status.created", "accepts"):
            return None
        whole = self._whole(parent, body)
        stand_together = session.plan.oracle.is_valid(whole)
        if not exchange.is_success:
            # What this server refuses has been told with the bodies. Nor is it said which of two properties that exclude each
            # other stays, where a prior call has the one and the body sets the other: a server may as well take neither.
            if not may and not session.refused_fields and stand_together:
                self._refused(exchange, rule)
            return None
        session.settle(exchange, self._of_override if parent else as_found)
        identity = usable(session, exchange.json.get(session.created.identifier)) if isinstance(exchange.json, dict) else None
        if identity is None:
            return None
        self.wholes[identity] = whole if stand_together else body
        return Call(identity, exchange.json, exchange)

    def _whole(self, parent: str | None, body: Json) -> Json:
        """The body with what it takes over from a prior call that is known, and that it does not set itself."""
        known = self.wholes.get(parent) if parent is not None else None
        return {**known, **body} if isinstance(known, dict) and isinstance(body, dict) else body

    def _of_override(self, finding: Finding) -> Finding:
        """What does not come back beside a prior call, but did without one, does not override it."""
        front, name, *_ = [*finding.rule.split("."), ""]
        rule = f"state.{name}.overridden"
        is_news = rule in self.session.catalogue.rules and not self.session.is_explained(name)
        return replace(finding, rule=rule, side="state") if (front, finding.side) == ("body", "echo") and is_news else finding

    def _refused(self, exchange: Exchange, rule: str) -> None:
        expected = f"status {self.session.catalogue.contract.status}, since the request breaks no rule"
        actual = f"status {exchange.status}: {shown(exchange.content[:200].decode('utf-8', 'replace'))}"
        self.session.fail_at(Finding(rule, "state", expected, actual), exchange)

    def note(self, rule: str, exchange: Exchange, problem: str | None, expected: str) -> None:
        """Notes that a rule held, or what is wrong."""
        if problem is None:
            self.session.hold(rule, "state", exchange)
        else:
            self.session.fail_at(Finding(rule, "state", expected, problem), exchange)

    def alike(self, rule: str, name: str, known: Call, call: Call, how: str) -> None:
        """Notes whether a call shows a property as a known one does, unless it is told what is wrong with it."""
        session = self.session
        if rule in session.catalogue.rules and not session.is_explained(name) and not self.are_shared:
            others = session.catalogue.response.properties.keys() - {name}
            problem = session.checker.equivalence.difference(known.response, call.response, without=others)
            self.note(rule, call.exchange, problem, f"/{name} {how}")

    # --- reading

    def get(self, identity: str, rule: str) -> Exchange | None:
        """The answer to reading a call; None if there is no such operation, or if it says nothing."""
        read = self.session.catalogue.contract.read
        if read is None:
            return None
        exchange = self.session.exchange(on_call("GET", read.path, identity, rule, "read back"))
        return None if self.session.is_unjudged(exchange, rule, "state") else exchange

    def read_back(self, call: Call) -> None:
        """Reads a call for the first time: it is what creating it gave."""
        exchange = None if self.are_shared else self.get(call.id, "state.read-back")
        if exchange is None:
            return
        equivalence = self.session.checker.equivalence
        explained = {name for name in call.response if self.session.is_explained(name)}
        problem = equivalence.changed(call.response, exchange, without=explained) or self._unlike_described(exchange)
        self.note("state.read-back", exchange, problem, "the object that creating the call gave")
        if exchange.is_success and isinstance(exchange.json, dict):
            # What reading shows otherwise than creating is told, and no change.
            self.readings[call.id] = {
                name: value
                for name, value in exchange.json.items()
                if not equivalence.differs(name, call.response, exchange.json)
            }

    def _unlike_described(self, exchange: Exchange) -> str | None:
        """What is not as the description says of an answer that shows a call."""
        contract = self.session.catalogue.contract
        media = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
        if contract.read is not None and exchange.status != contract.read.status:
            return f"status {exchange.status}"
        return f"content type {media or 'is missing'}" if media != contract.media_type else None

    def unchanged(self, call: Call, rule: str) -> None:
        """Reads a call again: it is what it was when it was read before; a call that could not be read tells of no change."""
        known = None if self.are_shared else self.readings.get(call.id)
        exchange = self.get(call.id, rule) if known is not None else None
        if exchange is not None and known is not None:
            unknown = self.session.catalogue.response.properties.keys() - known
            problem = self.session.checker.equivalence.changed(known, exchange, without=unknown)
            self.note(rule, exchange, problem, "the call as it was when it was read before")

    @property
    def are_shared(self) -> bool:
        """Whether calls share their ids, which is told; which of them is read, or is a prior call, nobody knows."""
        return bool(self.session.results[UNIQUE].failures)


def usable(session: Session, identity: Json) -> str | None:
    """The id of a call, if it is of the described form; None if a request with it would say nothing."""
    node = session.catalogue.response.properties.get(session.created.identifier)
    is_one = isinstance(identity, str) and identity not in ("", NIL) and (node is None or admits(node, identity))
    return identity if is_one else None


def first_parent(session: Session) -> Query:
    """The query that names the first call as the prior one; empty where there is none that can serve."""
    parameter, made = session.checker.parent_parameter, usable(session, session.created.first())
    return ((parameter, made),) if parameter and made else ()


def on_call(
    method: str, template: str, identity: str, rule: str, label: str, key: Key = Key.RIGHT, headers: Query = ()
) -> Case:
    """The case of an operation on one created call."""
    front, _, rest = template.partition("{")
    path = front + quote(identity, safe="") + rest.partition("}")[2]
    return Case(side=Side.STATE, label=label, rule=rule, method=method, path=path, key=key, headers=headers, body=NO_BODY)
