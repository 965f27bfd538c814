"""The judge for exchanges that others carried out: what a body violates says what its response should have been."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from conformance.checks.checker import Checker
from conformance.checks.finding import CheckResult, Finding
from conformance.checks.tolerances import tolerances_of
from conformance.http.exchange import Exchange
from openapi.catalogue import Catalogue
from openapi.coercion.parsers import is_lenient
from openapi.json_types import Path
from openapi.own_checks import Observed
from openapi.rules import Basis
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.case import Case, Side, dumps
from strategies.negative.violations import OF_PARSERS
from strategies.values.leniency import is_certain


@dataclass(frozen=True)
class Checks:
    """The checks of a run, for exchanges of another client."""

    catalogue: Catalogue

    def check(self, exchange: Observed) -> list[Finding]:
        """Return what the response violates, without confirmation or triage; an empty list where it conforms.

        `rule` is empty for a valid body that was refused: which rule explains it takes further requests. If a conforming server
        may accept or refuse a body, its response alone is judged. The same holds for a body with a query.
        """
        return self.result(exchange).findings

    def result(self, exchange: Observed) -> CheckResult:
        """Return the findings, the pairs of rule and side that held, and why nothing can be judged, if so."""
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        content = b"" if exchange.json is None else dumps(exchange.json)
        return self._checker.check(Exchange(self.case(exchange), 1, exchange.status, headers, content, 0.0, 0.0))

    @cached_property
    def _checker(self) -> Checker:
        return Checker(self.catalogue, tolerances_of(self.catalogue.contract))

    @cached_property
    def _oracle(self) -> Oracle:
        return Oracle(self.catalogue.contract.request, "body", self.catalogue.body)

    def case(self, exchange: Observed, label: str = "observed") -> Case:
        """Return the case that the request is: positive, negative, or neither."""
        violated = self._oracle.violated(exchange.body)
        certain = next(
            ((rule, paths[0]) for rule, paths in violated.items() if self._is_certain(rule, paths[0], exchange)), None
        )
        if certain is not None:
            rule, path = certain
            return Case(
                side=Side.REJECTS,
                label=label,
                rule=rule,
                offending_path=path,
                body=exchange.body,
                query=exchange.query,
            )
        must = not violated and not exchange.query and is_certain(self._oracle.root, exchange.body)
        return Case(side=Side.ACCEPTS if must else Side.MAY, label=label, body=exchange.body, query=exchange.query)

    def _is_certain(self, rule: str, path: Path, exchange: Observed) -> bool:
        """Return whether every conforming server refuses it: the rule is documented, and no parser coerces the value."""
        known = self.catalogue.rules.get(rule)
        if known is None or known.basis is not Basis.DOCUMENTED:
            return False
        node = self._oracle.root.at(path)
        return node is None or known.keyword not in OF_PARSERS or not is_lenient(node, at(exchange.body, path))
