"""The calls that a run has created: known by their ids, and deleted when they have served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from conformance.checks.finding import Finding
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.results.results import Results
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.json_types import looked_up, tokens
from strategies.case import Case, Side

UNIQUE = "state.unique-ids"
_GONE = (404, 410)


def identifier_of(catalogue: Catalogue) -> str:
    """The property of an answer that identifies the call."""
    if catalogue.contract.identifier is not None:
        return tokens(catalogue.contract.identifier)[0]
    response = catalogue.response
    ids = [name for name, node in response.properties.items() if node.get("format") == "uuid" and name in response.required]
    return ids[0] if ids else "id"


@dataclass
class Created:
    """The created calls: the number of the exchange that created each, by its id, in the order in which they came.

    `unique` maps the members of a response that no two calls share to the rule that says so, `first_with` a rule and a
    value to the id of the call that had it first. `deleted` are the paths of the calls that are gone.
    """

    contract: Contract
    identifier: str
    unique: Mapping[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    first_with: dict[tuple[str, str], str] = field(default_factory=dict)
    deleted: set[str | None] = field(default_factory=set)

    def first(self) -> str | None:
        """The id of the first call, which stays until the end; None if there is none."""
        return next(iter(self.numbers), None)

    def note(self, exchange: Exchange, results: Results) -> None:
        """Notes the call that an exchange created, if it did, and whether its id is its own."""
        identity = self._id_in(exchange)
        if identity is None:
            return
        if identity in self.numbers:
            actual = f"{identity}, the id of request {self.numbers[identity]}"
            results.fail(Finding(UNIQUE, "state", "an id that no other call has", actual), exchange)
        else:
            results.hold(UNIQUE, "state", exchange)
            self._note_unique(identity, exchange, results)
        self.numbers.setdefault(identity, exchange.number)

    def _note_unique(self, identity: str, exchange: Exchange, results: Results) -> None:
        for member, rule in self.unique.items():
            value = looked_up(exchange.json, member, None)
            if not isinstance(value, str) or not value:  # the rules of the response report it
                continue
            other = self.first_with.setdefault((rule, value), identity)
            if other == identity:
                results.hold(rule, "state", exchange)
            else:
                actual = f"{member} is {value}, that of the call {other}"
                reported = Finding(rule, "state", f"a {member} that no other call has", actual)
                results.fail_at(reported, exchange)

    def deletion_of(self, exchange: Exchange) -> Case | None:
        """The deletion of a call that was just created and serves no further purpose."""
        identity = self._id_in(exchange)
        # The first call stays until the end: others are made from it.
        if identity is None or exchange.case.side is Side.STATE or not self.numbers:
            return None
        return self._deletion(identity)

    def note_deletion(self, exchange: Exchange) -> None:
        """Notes that a call is gone, if the answer to its deletion says so."""
        if exchange.is_success or exchange.status in _GONE:
            self.deleted.add(exchange.case.path)

    def tidy(self, client: Client) -> int:
        """Deletes every created call that still stands; gives the number of those that could not be deleted."""
        client.follow_up = lambda _exchange: None
        deletions = [case for each in self.numbers if (case := self._deletion(each)) is not None]
        left = [case for case in deletions if case.path not in self.deleted]
        client.send_all(left, self.note_deletion)
        return sum(case.path not in self.deleted for case in left)

    def _id_in(self, exchange: Exchange) -> str | None:
        if not exchange.is_success or exchange.case.path is not None or not isinstance(exchange.json, dict):
            return None
        identity = exchange.json.get(self.identifier)
        return identity if isinstance(identity, str) else None

    def _deletion(self, identity: str) -> Case | None:
        operation = self.contract.delete
        if operation is None:
            return None
        front, _, rest = operation.path.partition("{")
        path = front + quote(identity, safe="") + rest.partition("}")[2]
        return Case(side=Side.STATE, label="clean up", rule="state.delete", method="DELETE", path=path, phase="clean up")
