"""Derived calls: a call takes over the properties of its parent call, unless its body sets them."""

from __future__ import annotations

from emulator.store import Call, Store
from emulator.validation import Enforcer
from emulator.value_kinds import shape_of
from openapi.contract import Contract
from openapi.json_types import Json


class Inheritance:
    """Applies `x-parent-call` to requests."""

    def __init__(self, contract: Contract, enforcer: Enforcer) -> None:
        about = contract.extensions.get("x-parent-call") or {}
        self.parameter: str | None = about.get("parameter")
        self._enforcer = enforcer
        self._hidden = set(shape_of(contract.request).properties) - set(shape_of(contract.response).properties)
        self._inherits = about.get("inherits", "*")

    def parent(self, query: dict[str, str], store: Store) -> Call | None:
        """Return the parent call that the query names, None if it names none; LookupError if there is no such call."""
        identifier = query.get(self.parameter) if self.parameter else None
        if identifier is None:
            return None
        call = store.get(identifier.lower())
        if call is None:
            raise LookupError(identifier)
        return call

    def merged(self, call: Call, body: dict[str, Json]) -> dict[str, Json]:
        """Return the body together with what the parent has and the body does not set.

        Where the two together violate a rule that neither violates alone, the body wins: a member that it sets drives out an
        inherited member that excludes it.
        """
        inherited = self._inherited(call, body)
        while not self._enforcer.is_valid({**inherited, **body}):
            offending_path = self._offending(inherited, body)
            if offending_path is None:
                return body
            del inherited[offending_path]
        return {**inherited, **body}

    def in_depth(self, call: Call, body: dict[str, Json]) -> dict[str, Json]:
        """Return the body with each object merged, member by member, with the parent call's, where the result is valid."""
        before, found = call.properties(), dict(body)
        for name in body.keys() & before.keys():
            both = _merged(before[name], body[name])
            if self._enforcer.is_valid({**found, name: both}):
                found[name] = both
        return found

    def conflicts(self, call: Call, body: dict[str, Json]) -> bool:
        """Return whether the body and the properties it would inherit violate a rule together."""
        return not self._enforcer.is_valid({**self._inherited(call, body), **body})

    def _inherited(self, call: Call, body: dict[str, Json]) -> dict[str, Json]:
        return {name: value for name, value in call.properties().items() if name not in body and self._takes(name)}

    def _takes(self, name: str) -> bool:
        # Properties that no response shows, such as the message history, are always inherited.
        return self._inherits == "*" or name in self._inherits or name in self._hidden

    def _offending(self, inherited: dict[str, Json], body: dict[str, Json]) -> str | None:
        """Return the inherited property whose removal leaves the fewest violations."""
        without = {
            name: self._enforcer.faults_in({**{k: v for k, v in inherited.items() if k != name}, **body}) for name in inherited
        }
        return min(without, key=without.__getitem__) if without else None


def _merged(before: Json, own: Json) -> Json:
    if not isinstance(before, dict) or not isinstance(own, dict):
        return own
    return {**before, **{name: _merged(before.get(name), value) for name, value in own.items()}}
