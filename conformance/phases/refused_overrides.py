"""Which property a server refuses beside a parent call that has another value of it, though it takes each body alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side

_SEARCHES = 2  # that find nothing: each creates an object for every property


@dataclass
class RefusedOverrides:
    """Finds the property by sending one at a time, once: later bodies that hold a known one are explained by it."""

    session: Session
    _known: list[str] = field(default_factory=list)
    _in_vain: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # what one search finds saves others

    async def rule(self, parent: str, body: Json) -> str | None:
        """Return the rule about the property for which a body is refused beside a parent call; None if no single one is."""
        names = [name for name in body if _rule(name) in self.session.catalogue.rules] if isinstance(body, dict) else []
        async with self._turn:
            known = next((name for name in self._known if name in names), None)
            if known is None and names and self._in_vain < _SEARCHES:
                known = await self._found(parent, {name: body[name] for name in names})
        return None if known is None else _rule(known)

    async def _found(self, parent: str, members: Json) -> str | None:
        if await self._takes(parent, self.session.seed_body):
            for name, value in members.items():
                if not await self._takes(parent, self.session.completed({name: value})):
                    self._known.append(name)
                    return str(name)
        self._in_vain += 1
        return None

    async def _takes(self, parent: str, body: Json) -> bool:
        query = ((self.session.checker.parent_parameter or "", parent),)
        case = Case(
            side=Side.STATE, label="create from a parent call, once more", rule="status.created", body=body, query=query
        )
        exchange = await self.session.send(case)
        return exchange.is_success or self.session.checker.unjudged(exchange) is not None


def _rule(name: str) -> str:
    return f"state.{name}.overridden"
