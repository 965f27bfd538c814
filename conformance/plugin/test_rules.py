"""Every rule of the catalogue as a test."""

from __future__ import annotations

import pytest

from conformance.plugin.failure_text import reported
from conformance.plugin.suite import Suite
from reports.record.entries import Outcome, Verdict


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
        pytest.fail(reported(catalogue.rules[rule_id], judged, target.url, catalogue.contract), pytrace=False)
