"""Created objects are a resource: how many may exist at once, how many in all, and which of them are to be deleted.

A creation waits for room before it is sent. Its slot stays taken until the object is known to be deleted. Any request to the
create operation may create something, even one that is to be refused. So each takes a slot while it is under way:

    most = 2     create a   [a]     create b   [a b]     create c waits
                 delete a   [b]     create c   [b c]
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from conformance.http.endings import BudgetSpent, CannotJudge, NoRoom
from conformance.http.exchange import Exchange
from openapi.contract import Contract
from openapi.identifiers import Identifier, in_location
from openapi.json_types import Json
from strategies.case import Case, Side

_GONE = frozenset({404, 410})


class Journal(Protocol):
    """Keeps what is needed to find created objects after the process was killed."""

    def intend(self, case: Case) -> None:
        """Note that a case is about to be sent that may create an object."""

    def settled(self) -> None:
        """Note that such a request has been responded to, or given up, and what it created noted."""

    def created(self, identity: str) -> None:
        """Note that an object exists."""

    def deleted(self, identity: str) -> None:
        """Note that an object is gone."""

    def complete(self) -> None:
        """Note that nothing is left, as far as the target shows it."""


class NoJournal:
    """Keeps nothing."""

    def intend(self, case: Case) -> None:
        """See :class:`Journal`."""

    def settled(self) -> None:
        """See :class:`Journal`."""

    def created(self, identity: str) -> None:
        """See :class:`Journal`."""

    def deleted(self, identity: str) -> None:
        """See :class:`Journal`."""

    def complete(self) -> None:
        """See :class:`Journal`."""


@dataclass
class LiveObjects:
    """The objects that a run has created: the number of the exchange that created each, by its id, in the order of creation.

    `most_live` bounds those that are not deleted, `most_created` all of them. `refusal` says why nothing more is created, once
    the target has refused to delete one.
    """

    contract: Contract
    identifier: Identifier
    clean_up: bool = False
    most_live: int | None = None
    most_created: int | None = None
    journal: Journal = field(default_factory=NoJournal)
    numbers: dict[str, int] = field(default_factory=dict)
    live: dict[str, None] = field(default_factory=dict)
    lasting: set[str] = field(default_factory=set)  # those that do not end by themselves soon
    highest: int = 0
    refusal: str | None = None
    _under_way: int = 0  # creations
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def first(self) -> str | None:
        """Return the id of the first object, which stays until the end; None if there is none."""
        return next(iter(self.numbers), None)

    def may_create(self, case: Case) -> bool:
        """Return whether a request may create an object, whatever it is meant for."""
        return case.path is None and case.method in ("", self.contract.method)

    async def reserve(self, case: Case) -> None:
        """Wait until a request may create an object. BudgetSpent, CannotJudge or NoRoom where it never may."""
        async with self._news:
            while not self._is_free():
                if self.most_created is not None and len(self.numbers) >= self.most_created:
                    raise BudgetSpent
                if not self._under_way:
                    raise NoRoom
                await self._news.wait()
            if self.refusal is not None:
                raise CannotJudge(self.refusal)
            self._under_way += 1
        self.journal.intend(case)

    def _is_free(self) -> bool:
        # A noted object whose room is not given back yet counts twice for a moment. That errs on the safe side.
        has_room = self.most_live is None or len(self.live) + self._under_way < self.most_live
        return has_room and (self.most_created is None or len(self.numbers) + self._under_way < self.most_created)

    def note(self, exchange: Exchange) -> str | None:
        """Note what a request created that room was reserved for; return the id of the object, if it created one."""
        identity = self.id_in(exchange)
        if identity is not None and identity not in self.live:
            self.numbers.setdefault(identity, exchange.number)
            self.live[identity] = None
            lifetime = self.contract.data.created.lifetime
            if lifetime is not None and lifetime.is_long({**_object(exchange.case.body), **_object(exchange.json)}):
                self.lasting.add(identity)
            self.highest = max(self.highest, len(self.live))
            self.journal.created(identity)
        return identity

    def found(self, identities: Iterable[str]) -> None:
        """Note objects of this run that no response has shown."""
        for identity in identities:
            self.numbers.setdefault(identity, 0)
            self.live[identity] = None
            self.journal.created(identity)

    def take_over(self, identities: Iterable[str]) -> None:
        """Take over objects that an earlier run has left, to delete them at the end."""
        for identity in identities:
            self.live[identity] = None
            self.journal.created(identity)

    async def release(self) -> None:
        """Give back the room that was reserved for a request: what it created counts by itself."""
        self._under_way -= 1
        self.journal.settled()
        await self._report()

    def id_in(self, exchange: Exchange) -> str | None:
        """Return the id of the object that an exchange created; None if it created none."""
        if not exchange.is_success or not self.may_create(exchange.case):
            return None
        return self.identifier.of(exchange.json) or in_location(self.contract, exchange.headers)

    def is_passing(self, identity: str) -> bool:
        """Return whether an object may be deleted before the end: others are made from the first one."""
        return self.clean_up and identity != self.first()

    def deletion(self, identity: str) -> Case | None:
        """Return the request that deletes an object; None if there is no such operation, or the object is gone."""
        operation = self.contract.delete
        if operation is None or identity not in self.live:
            return None
        front, _, rest = operation.path.partition("{")
        path = front + quote(identity, safe="") + rest.partition("}")[2]
        return Case(side=Side.STATE, label="clean up", rule="state.delete", method="DELETE", path=path, phase="clean up")

    def is_gone(self, exchange: Exchange) -> bool:
        """Return whether the response to a deletion says that the object is gone."""
        return exchange.is_success or exchange.status in _GONE

    async def note_deletion(self, identity: str, exchange: Exchange, unjudged: frozenset[int]) -> None:
        """Note what the response to a deletion says. A refusal, other than for a while, stops all creation."""
        if self.is_gone(exchange):
            self.live.pop(identity, None)
            self.journal.deleted(identity)
        elif exchange.status and exchange.status not in unjudged:
            self.refusal = f"the target refuses to delete what the run created (status {exchange.status}): it creates no more"
        await self._report()

    def forget(self, path: str | None) -> None:
        """Note that a case has deleted the object at a path by itself."""
        for identity in list(self.live):
            deletion = self.deletion(identity)
            if deletion is not None and deletion.path == path:
                del self.live[identity]
                self.journal.deleted(identity)

    async def _report(self) -> None:
        async with self._news:
            self._news.notify_all()


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
