"""Identity: each created object has an id of its own, and members that no other object has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from openapi.json_types import looked_up

UNIQUE = "state.unique-ids"


@dataclass
class Identities:
    """The ids of created objects with the exchange that showed each first.

    `unique` maps the members of a response that no two objects share to the rule that says so. `first_with` maps a rule and a
    value to the id of the object that had it first.
    """

    unique: Mapping[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    first_with: dict[tuple[str, str], str] = field(default_factory=dict)

    def check(self, identity: str, exchange: Exchange) -> tuple[list[Finding], set[tuple[str, str]]]:
        """Return the findings about the object that an exchange created, and the (rule, side) pairs that held."""
        if identity in self.numbers:
            actual = f"{identity}, the id of request {self.numbers[identity]}"
            return [Finding(UNIQUE, "state", "an id that no other call has", actual)], set()
        self.numbers[identity] = exchange.number
        findings: list[Finding] = []
        held = {(UNIQUE, "state")}
        for member, rule in self.unique.items():
            value = looked_up(exchange.json, member, None)
            if not isinstance(value, str) or not value:  # the rules of the response report it
                continue
            other = self.first_with.setdefault((rule, value), identity)
            if other == identity:
                held.add((rule, "state"))
            else:
                actual = f"{member} is {value}, that of the call {other}"
                findings.append(Finding(rule, "state", f"a {member} that no other call has", actual))
        return findings, held
