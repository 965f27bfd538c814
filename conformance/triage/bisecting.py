"""Bisect a refused pack until every offending field in it is named.

A pack shares one body between many positive values, so its refusal names no cause. Half of its members are sent, then the
other half, and so on inside the half that is refused; then the next cause is looked for in what is left:

    {a, b, c, d}   refused      {a, b}   accepted      {c, d}   refused      {c}   refused      c is named
    {a, b, d}      accepted     nothing else is refused

One cause among eight members takes about six requests. What is known to be refused is left out of later packs, so one fault
does not look like fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from conformance.checks.checker import Checker
from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.results.results import Results
from conformance.triage.attribution import Attribution, RefusedField
from conformance.triage.refused_fields import RefusedFields
from conformance.triage.shrinking import Reducer
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, paths_in, with_value
from strategies.case import Case

_OFFENDING_FIELDS_A_PACK = 12
_REQUESTS = 120  # that shrink one offending field of a pack


@dataclass
class Isolator:
    """Takes refused packs apart. `send` sends a case and gives its exchange; `culprits` are those of all packs so far."""

    oracle: Oracle
    checker: Checker
    results: Results
    send: Callable[[Case], Exchange]
    refused_fields: RefusedFields

    def isolate(self, exchange: Exchange, finding: Finding) -> bool:
        """Return names the offending fields in the pack of an exchange that is known to be refused; whether these are all."""
        body: Json | None = exchange.case.body
        if self.refused_fields:
            # Most packs are refused for what is known by now: without it they pass.
            body = self._refused_rest(exchange.case, body)
        for _ in range(_OFFENDING_FIELDS_A_PACK):
            if body is None:
                break
            self._name(exchange, finding, body)
            body = self._refused_rest(exchange.case, body)
        return body is None

    def _refused_rest(self, case: Case, body: Json) -> Json | None:
        """Return the body without the known offending fields if that is refused as well, else None."""
        rest = self.refused_fields.rest(body)
        return None if rest is None or self._refused(case, rest) is None else rest

    def _name(self, exchange: Exchange, finding: Finding, body: Json) -> None:
        """Name one offending field in a refused body."""
        found = self._shrunk(exchange, body)
        if found is None:  # it was refused by chance
            return
        smallest, last = found
        refused_field = Attribution(self.oracle).refused_field(
            exchange.case, smallest, lambda candidate: self._refused(exchange.case, candidate) is not None
        )
        reported = next((each for each in self.checker.check(last).findings if each.attribute), finding)
        self.results.fail(self._named(refused_field, reported, last), last, offending_fields=refused_field.paths)
        self.refused_fields.add(refused_field.paths)
        if last.status >= 500:
            self.refused_fields.add_values(body, smallest, refused_field.paths)

    def _named(self, refused_field: RefusedField, reported: Finding, last: Exchange) -> Finding:
        rules = self.checker.catalogue.rules
        rule = refused_field.rule if refused_field.rule in rules else "status.created"
        named = Finding(rule, "accepts", f"{reported.expected} ({rules[rule].requirement})", reported.actual)
        # A 5xx breaks a promise of its own, whatever field brings it about.
        return replace(named, rule="robustness.server-error", side="robustness") if last.status >= 500 else named

    def _shrunk(self, exchange: Exchange, body: Json) -> tuple[Json, Exchange] | None:
        """Return the smallest refused body found, which was seen to be refused twice, and its last exchange; None if none was.

        A server that also refuses by chance leads astray: each smaller body may be one that was refused by chance alone. If
        the smallest one is not refused again, shrinking begins anew, and takes no step that is not confirmed.
        """
        for confirms in (False, True):
            smallest = self._shrunk_once(exchange.case, body, confirms=confirms)
            again = self._refused(exchange.case, smallest)
            if again is not None:
                return smallest, again
        again = self._refused(exchange.case, body)
        return None if again is None else (body, again)

    def _shrunk_once(self, case: Case, body: Json, *, confirms: bool) -> Json:
        def shows(candidate: Json) -> bool:
            is_refused = self._refused(case, candidate) is not None
            return is_refused and (not confirms or self._refused(case, candidate) is not None)

        return Reducer(self.oracle, _REQUESTS).shrink(body, shows, first=iter([{}]))

    def _refused(self, case: Case, body: Json) -> Exchange | None:
        """Return the exchange if the server refuses this valid body, else None."""
        attempt = self.send(case.with_body(body))
        check_result = self.checker.check(attempt)
        if any(each.attribute for each in check_result.findings):
            return attempt
        # What is accepted on the way verifies what it carries, as a pack would have.
        self.results.hold_all(check_result.held, attempt)
        return None


@dataclass(frozen=True)
class Parting:
    """Sends bodies in parts. `send` sends a case and gives its exchange; `add` takes what was found in a part."""

    oracle: Oracle
    checker: Checker
    results: Results
    send: Callable[[Case], Exchange]
    add: Callable[[Exchange, Iterable[Finding]], None]

    def part(self, exchange: Exchange) -> None:
        """Send a body in parts. If each is accepted, this verifies what the whole was to verify."""
        if self._passes_in_parts(exchange.case):
            held = {(rule, "accepts") for rule in self.checker.accepted_with(exchange.case)}
            self.results.hold_all(held, exchange)

    def _passes_in_parts(self, case: Case) -> bool:
        """Send a body in halves, and these in halves where they are too large; return whether all of it was accepted."""
        halves = _halves(case.body)
        if not all(map(self.oracle.is_valid, halves)):
            halves = _halves_of_largest(case.body)
        passed = [self._passes(case.with_body(half)) for half in halves]
        return bool(passed) and all(passed)

    def _passes(self, case: Case) -> bool:
        if not self.oracle.is_valid(case.body):
            return False
        exchange = self.send(case)
        if self.checker.is_too_large(exchange):
            return self._passes_in_parts(case)
        check_result = self.checker.check(exchange)
        self.results.hold_all(check_result.held, exchange)
        self.add(exchange, check_result.findings)
        return exchange.is_success


def _halves(value: Json) -> list[Json]:
    """Return a body in two parts, or what its one member holds; none where there is nothing to part."""
    if isinstance(value, dict) and len(value) == 1:
        name, inner = next(iter(value.items()))
        return [{name: half} for half in _halves(inner)]
    if isinstance(value, dict):
        names = list(value)
        return [{name: value[name] for name in each} for each in (names[::2], names[1::2]) if each]
    return [value[::2], value[1::2]] if isinstance(value, list) and len(value) > 1 else []


def _halves_of_largest(value: Json) -> list[Json]:
    """Return a body twice, each time with one half of its largest array; none where no array has two items."""
    found = [path for path in paths_in(value) if isinstance(at(value, path), list) and len(at(value, path)) > 1]
    if not found:
        return []
    path = max(found, key=lambda each: len(str(at(value, each))))
    items = at(value, path)
    return [with_value(value, path, each) for each in (items[::2], items[1::2])]
