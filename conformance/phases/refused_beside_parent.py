"""Why a server refuses a body beside a parent call, though it takes the body alone: which rule that is about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from conformance.phases.on_object import on_call
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side

_SEARCHES = 2  # that find nothing: each creates an object for every property


@dataclass
class RefusedBesideParent:
    """Asks the server: is the parent call still there, is the smallest body taken beside it, is each property by itself?

    A property that is found once explains later bodies that hold it.
    """

    session: Session
    _known: list[str] = field(default_factory=list)
    _in_vain: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # what one search finds saves others

    async def rule(self, parent: str, body: Json) -> str | None:
        """Return the rule that the refusal is about; None if it is about no single property."""
        async with self._turn:
            names = [name for name in body if _rule(name) in self.session.catalogue.rules] if isinstance(body, dict) else []
            known = next((name for name in self._known if name in names), None)
            if known is not None:
                return _rule(known)
            if await self._is_gone(parent):
                return "state.isolated"
            if not await self._takes(parent, self.session.seed_body):
                return f"query.{self.session.checker.parent_parameter}.type"
            return await self._of_property(parent, {name: body[name] for name in names})

    async def _of_property(self, parent: str, members: Json) -> str | None:
        if self._in_vain >= _SEARCHES:
            return None
        for name, value in members.items():
            if not await self._takes(parent, self.session.completed({name: value})):
                self._known.append(name)
                return _rule(name)
        self._in_vain += 1
        return None

    async def _is_gone(self, parent: str) -> bool:
        read = self.session.catalogue.contract.read
        if read is None or "read" in self.session.unserved:
            return False
        exchange = await self.session.send(on_call("GET", read.path, parent, "state.isolated", "read back"))
        return self.session.checker.is_refusal(exchange)

    async def _takes(self, parent: str, body: Json) -> bool:
        query = ((self.session.checker.parent_parameter or "", parent),)
        case = Case(
            side=Side.STATE, label="create from a parent call, once more", rule="status.created", body=body, query=query
        )
        exchange = await self.session.send(case)
        return exchange.is_success or self.session.checker.unjudged(exchange) is not None


def _rule(name: str) -> str:
    return f"state.{name}.overridden"
