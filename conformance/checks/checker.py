"""The judge: from an exchange to findings, by what its case expects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from conformance.checks.defaults import Defaults
from conformance.checks.echo import Echo
from conformance.checks.equivalence import Equivalence, copied_defaults
from conformance.checks.finding import CheckResult, Finding, most_specific
from conformance.checks.leaks import Leaks
from conformance.checks.own import judging as own
from conformance.checks.response import Responses
from conformance.checks.tolerances import Tolerances
from conformance.checks.zeros import RULE as NESTED_ZERO
from conformance.checks.zeros import nested_zeros
from conformance.http.exchange import Exchange
from openapi.catalogue import Catalogue
from openapi.rules import Area, Basis
from openapi.schema.instances import places
from openapi.schema.oracle import rule_id
from strategies.case import Case, Side

_SPANNING = frozenset(
    "oneOf anyOf not if dependentRequired dependentSchemas minProperties maxProperties contains uniqueItems "
    "x-unique-by x-covers".split()
)


@dataclass
class Checker:
    """Judges exchanges of the create operation."""

    catalogue: Catalogue
    tolerances: Tolerances

    @cached_property
    def echo(self) -> Echo:
        """Return how bodies and responses are compared."""
        return Echo(self.catalogue.body, self.catalogue.response, self.tolerances)

    @cached_property
    def equivalence(self) -> Equivalence:
        """Return how two responses are compared."""
        contract = self.catalogue.contract
        return Equivalence(self.catalogue.response, self.echo, contract.data.created.lifetime, copied_defaults(contract))

    @cached_property
    def defaults(self) -> Defaults:
        """Return the documented defaults."""
        return Defaults(self.echo)

    @cached_property
    def leaks(self) -> Leaks:
        """Return what calls must not show of each other."""
        return Leaks(self.echo)

    @cached_property
    def responses(self) -> Responses:
        """Return the shape of responses."""
        return Responses(self.catalogue, self.echo)

    @cached_property
    def _spanning(self) -> dict[str, list[str]]:
        """Return the rules that any value at a place conforms by being accepted:
        those about members and not about one value.
        """
        found: dict[str, list[str]] = {}
        for node in self.catalogue.body.walk():
            names = [c.keyword for c in (*node.constraints, *node.named) if c.keyword in _SPANNING or c in node.named]
            rules = [rule_id("body", node.path, name) for name in names]
            rules += [rule_id("body", f"{node.path}.{name}" if node.path else name, "required") for name in node.required]
            if node.get("enum") is not None or node.get("pattern") is not None:
                rules.append(rule_id("body", node.path, "type"))
            # Of what nobody documents only its violation shows anything.
            known = [each for each in rules if each in self.catalogue.rules]
            found[node.path] = [each for each in known if self.catalogue.rules[each].basis is not Basis.UNDOCUMENTED]
        return found

    @property
    def parent_parameter(self) -> str | None:
        """Return the query parameter that names a parent call."""
        parent = self.catalogue.contract.extensions.get("x-parent-call")
        return parent["parameter"] if parent else None

    def check(self, exchange: Exchange) -> CheckResult:
        """Return what an exchange says."""
        check_result = CheckResult()
        if self.common(exchange, check_result):
            pass
        elif exchange.case.side is Side.REJECTS:
            self._rejected(exchange, check_result)
        else:
            self._accepted(exchange, check_result)
        if check_result.unjudged is None:
            own.apply(self.catalogue, exchange, check_result)
        return check_result

    def unjudged(self, exchange: Exchange) -> str | None:
        """Return why a response says nothing about what was asked: there is none, or it is about something else."""
        if exchange.is_held_back:
            return exchange.error
        if self.is_silent(exchange):
            return exchange.error or f"{exchange.status}: {self.tolerances.unanswered[exchange.status]}"
        if self.is_too_large(exchange):
            return f"{exchange.status}: the server takes no body of {len(exchange.case.content or b'')} bytes"
        reason = self.tolerances.unjudged.get(exchange.status)
        return None if reason is None else f"{exchange.status}: {reason}"

    def is_silent(self, exchange: Exchange) -> bool:
        """Return whether a request got no response, or one that is as good as none."""
        has_failed = exchange.error is not None and not exchange.is_held_back
        return has_failed or exchange.status in self.tolerances.unanswered

    def is_too_large(self, exchange: Exchange) -> bool:
        """Return whether a request that violates no rule was refused for its size, which is nobody's promise."""
        is_reported = exchange.status == self.tolerances.too_large and self._is_large(exchange.case)
        return is_reported and exchange.case.side in (Side.ACCEPTS, Side.STATE)

    def _is_large(self, case: Case) -> bool:
        return len(case.content or b"") > self.tolerances.largest

    def is_refusal(self, exchange: Exchange) -> bool:
        """Return whether the server refused what was asked, for whatever reason of its own."""
        return 400 <= exchange.status < 500 and self.unjudged(exchange) is None

    def is_crash(self, exchange: Exchange) -> bool:
        """Return whether a response is a server error, whatever was asked."""
        return self.unjudged(exchange) is None and exchange.status >= 500 and not self._is_unserved(exchange)

    def common(self, exchange: Exchange, check_result: CheckResult) -> bool:
        """Judge that a request gets a response, and no 5xx; return whether nothing else can be judged."""
        check_result.unjudged = self.unjudged(exchange)
        if check_result.unjudged is not None:
            return True
        if self.is_crash(exchange):
            self._server_error(exchange, check_result)
        else:
            return False
        return True

    def _is_unserved(self, exchange: Exchange) -> bool:
        """Return whether a request asked for a method that the contract does not have, and was reported so."""
        contract = self.catalogue.contract
        served = {contract.method, *(["GET"] if contract.read else []), *(["DELETE"] if contract.delete else [])}
        method = exchange.case.method or contract.method
        return method not in served and self.tolerances.allows("other-method", exchange.status)

    def _server_error(self, exchange: Exchange, check_result: CheckResult) -> None:
        case = exchange.case
        expected = self.expected(case)
        actual = f"{exchange.status}: {exchange.excerpt(200)}"
        valid = case.side is Side.ACCEPTS
        path = case.offending_path or ()
        check_result.findings.append(
            Finding(
                "" if valid else "robustness.server-error",
                "accepts" if valid else case.side,
                expected,
                actual,
                path,
                attribute=valid,
            )
        )

    def _rejected(self, exchange: Exchange, check_result: CheckResult) -> None:
        case, status = exchange.case, exchange.status
        kind = "too-large" if self._is_large(case) else "bad-body"
        if exchange.is_success:
            finding = Finding(
                case.rule, "rejects", self.expected(case), f"{status}: the body was accepted", case.offending_path or ()
            )
            check_result.findings += [finding, *self._shown_all_the_same(exchange)]
        elif self.tolerances.allows(kind, status):
            check_result.held |= {(case.rule, "rejects"), ("status.refused", "rejects")}
        elif self.catalogue.is_documented(case.rule):
            expected = f"status {self.tolerances.says(kind)}"
            check_result.findings.append(
                Finding("status.refused", "rejects", expected, f"status {status}", case.offending_path or ())
            )

    def _shown_all_the_same(self, exchange: Exchange) -> list[Finding]:
        """Return what the response shows against a documented rule of its own whose twin in the request is only implied.

        A server that cuts or drops what it accepts, so as to meet that rule, does not show what was sent.
        """
        case = exchange.case
        twin = f"response.{case.rule.partition('.')[2]}"
        if self.catalogue.is_documented(case.rule) or twin not in self.catalogue.rules or not self._is_call(exchange):
            return []
        if not self.catalogue.is_documented(twin):
            return []
        name = next(iter(case.offending_path or ()), None)
        sent = {name: case.body[name]} if isinstance(case.body, dict) and name in case.body else {}
        return self.responses.violations_of(twin, exchange) or self.echo.compare(sent, exchange.json, set())

    def _accepted(self, exchange: Exchange, check_result: CheckResult) -> None:
        case, contract = exchange.case, self.catalogue.contract
        if not exchange.is_success:
            if case.side is Side.ACCEPTS:
                actual = f"{exchange.status}: {exchange.excerpt(300)}"
                check_result.findings.append(Finding("", "accepts", self.expected(case), actual, attribute=True))
            return
        if case.side is Side.MAY and not self._is_call(exchange):
            return  # refused after all, if in odd words
        if not contract.is_created(exchange.status):
            finding = Finding("status.created", "accepts", f"status {contract.status}", f"status {exchange.status}")
            check_result.findings.append(finding)
        else:
            check_result.held.add(("status.created", "accepts"))
        if not exchange.content and not contract.is_created(exchange.status):
            return  # a status without content is reported as such
        check_result.held |= {(rule, "accepts") for rule in self.accepted_with(case)}
        inherits = any(name == self.parent_parameter for name, _ in case.query)
        self.responses.check(exchange, check_result, inherits=inherits)
        if isinstance(exchange.json, dict):
            self._values(exchange, check_result, inherits=inherits)
        check_result.findings = most_specific(check_result.findings, self.catalogue.is_documented)

    def accepted_with(self, case: Case) -> set[str]:
        """Return the rules that a valid body verifies by being accepted:
        those it aims at, and those about the members it has.
        """
        aims = {aim.rule for aim in case.aims}
        return aims.union(*(self._spanning[place] for place in places(case.body, self.catalogue.body)))

    def exercised_by(self, case: Case) -> dict[str, bool]:
        """Return for each rule of the echo, and each stated one about exchanges, whether the case's response bears on it."""
        shown = self.echo.exercised(case.body)
        zeros = nested_zeros(self.catalogue.body, self.catalogue.response, case.body, None)
        of_echo = {rule: rule in shown for rule in self._of_echo}
        return {**of_echo, **self.responses.exercised_by(case), NESTED_ZERO: any(True for _ in zeros)}

    @cached_property
    def _of_echo(self) -> list[str]:
        return [rule.id for rule in self.catalogue.rules.values() if rule.area is Area.ECHO and rule.id.endswith(".echo")]

    def _is_call(self, exchange: Exchange) -> bool:
        """Return whether a response shows a created call, and not an error in the dress of success."""
        required = self.catalogue.response.required
        return (
            self.catalogue.contract.is_created(exchange.status)
            and isinstance(exchange.json, dict)
            and bool(required & set(exchange.json))
        )

    def _values(self, exchange: Exchange, check_result: CheckResult, *, inherits: bool) -> None:
        sent = exchange.case.body if isinstance(exchange.case.body, dict) else {}
        findings = self.echo.compare(sent, exchange.json, check_result.held)
        if not inherits:
            findings += self.defaults.check(sent, exchange.json, check_result.held)
            if exchange.case.raw is None and exchange.case.query_text is None:  # the body is all that was sent
                findings += self.leaks.check(sent, exchange.json, check_result.held)
        check_result.findings += findings
        for place, is_shown in nested_zeros(self.catalogue.body, self.catalogue.response, sent, exchange.json):
            check_result.observed.add((NESTED_ZERO, "shown" if is_shown else "left out", place))

    def expected(self, case: Case) -> str:
        """Return what a conforming server responses, in words."""
        if case.side is Side.REJECTS:
            rule = self.catalogue.rules.get(case.rule)
            because = f", since {rule.requirement[:1].lower()}{rule.requirement[1:]}" if rule else ""
            return f"status {self.tolerances.says('bad-body')}{because}"
        if case.side is Side.ACCEPTS:
            return f"status {self.catalogue.contract.status}, since the body breaks no rule"
        return "any status below 500"
