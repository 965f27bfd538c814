"""Shared exchanges: a request that several descriptions need is sent once, and each of them judges its exchange.

The sessions of a run take turns, phase by phase. What one has sent stands in a pool by its request. Another one that is about
to send the same request takes the exchange instead:

    description A   {}  {"a": 10}  {"a": 11}                  sent
    description B   {}  {"a": 10}            {"a": 20}        the first two are taken, the third is sent

A session takes each exchange once. So a request that is to be sent again, to confirm a finding, is another exchange. What is
about a created object is taken in the order in which it happened to the object: a session that has not seen an object deleted
must not see it gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from conformance.http.carried import carried
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.keys import sent_with
from conformance.http.live_objects import LiveObjects
from strategies.case import Case

GONE = "the part of the run for another description has deleted the object"


@dataclass
class Pool:
    """The exchanges of a run by their requests, and the numbers of those that deleted an object, by its id."""

    exchanges: dict[Hashable, list[Exchange]] = field(default_factory=lambda: defaultdict(list))
    deletions: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Shared:
    """The pool as one session sees it: `known` are the numbers of the exchanges that it has sent or taken."""

    pool: Pool
    client: Client
    objects: LiveObjects
    unjudged: frozenset[int]
    known: set[int] = field(default_factory=set)

    def take(self, case: Case, *, keep: bool) -> Exchange | None:
        """Return the exchange of a case that another session has sent, None where the case has to be sent.

        `keep` if later requests are about what it creates. Where few objects may exist at once, that object is gone by then.
        """
        if keep and self.objects.most_live is not None:
            return None
        about = self._objects_of(case)
        for exchange in self.pool.exchanges.get(self._request_of(case), ()):
            if exchange.number not in self.known and self._is_next(about, exchange.number):
                self.known.add(exchange.number)
                return replace(exchange, case=case)
        return None

    def is_gone(self, case: Case) -> bool:
        """Return whether a case is about an object that another session alone has deleted."""
        return any(self.known.isdisjoint(self.pool.deletions.get(each, ())) for each in self._deleted(case))

    def offer(self, exchange: Exchange) -> None:
        """Add what this session has sent. A response that says nothing about the request is of no use to others."""
        self.known.add(exchange.number)
        if exchange.case.method == "DELETE" and exchange.is_success:
            for identity in self._objects_of(exchange.case):
                self.pool.deletions[identity].append(exchange.number)
        if exchange.error is None and exchange.status not in self.unjudged:
            self.pool.exchanges[self._request_of(exchange.case)].append(exchange)

    def _is_next(self, about: set[str], number: int) -> bool:
        """Return whether all deletions of these objects that this session has seen, and no others, come before an exchange."""
        deletions = [each for identity in about for each in self.pool.deletions.get(identity, ())]
        return all((each < number) == (each in self.known) for each in deletions if each != number)

    def _deleted(self, case: Case) -> list[str]:
        return [each for each in self._objects_of(case) if self.pool.deletions.get(each)]

    def _objects_of(self, case: Case) -> set[str]:
        """Return the ids of created objects that a case names in its path or query."""
        named = {unquote(step) for step in (case.path or "").split("/")} | {value for _, value in case.query}
        return {each for each in named if each in self.objects.numbers}

    def _request_of(self, case: Case) -> Hashable:
        """Return the request of a case, whatever the case is meant for."""
        contract = self.client.contract
        headers, query = carried(contract, case)
        return (
            case.method or contract.method,
            contract.path if case.path is None else case.path,
            (*case.query, *query),
            case.query_text,
            (*case.headers, *headers),
            contract.media_type,
            self.client.tagged(case) or case.content,
            repr(sent_with(contract, case)),
        )
