"""Every rule of the catalogue as a test."""

from __future__ import annotations

import pytest

from conformance.http.keys import forms_of
from conformance.plugin.suite import Suite
from openapi.rules import Rule
from reports.record.entries import Outcome, Verdict
from reports.record.key_forms import Keys
from reports.reproduce import curl


@pytest.fixture
def judged(verdict: Verdict) -> Verdict:
    """Return the verdict, where there is one: what could not be judged is an error of the test, not a failure."""
    if verdict.outcome is Outcome.ERROR:
        pytest.fail(f"could not be judged: {verdict.reason}", pytrace=False)
    return verdict


def test_rule(rule_id: str, judged: Verdict, suite: Suite, request: pytest.FixtureRequest) -> None:
    """The rule holds."""
    if judged.outcome is Outcome.SKIP:
        pytest.skip(judged.reason or "")
    if judged.observed is not None:
        # The fixture `record_property` warns, and so fails, with the kind of JUnit file that pytest writes.
        request.node.user_properties.append(("observed", judged.observed))
    if judged.outcome is Outcome.FAIL:
        catalogue, target = suite.session.catalogue, suite.session.client.target
        keys = Keys(forms_of(catalogue.contract, catalogue.contract.keys), catalogue.contract.key_variable)
        text = _reported(catalogue.rules[rule_id], judged, target.url, keys)
        pytest.fail(text, pytrace=False)


def _reported(rule: Rule, verdict: Verdict, target: str, keys: Keys) -> str:
    """Return the rule and each of its failures, with the smallest request, the expectation and the response."""
    lines = [f"{rule.id} ({rule.level}, {rule.basis})", rule.requirement]
    if rule.quote:
        lines.append(f'"{rule.quote}"')
    for failure in verdict.failures:
        lines += ["", f"Body:     {failure.request.body}", f"Expected: {failure.expected}", f"Actual:   {failure.actual}"]
        lines.append(curl(failure.request, target, keys))
    return "\n".join(lines)
