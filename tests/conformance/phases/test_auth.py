"""Credentials of every kind: a server that does not compare one of them fails the rules of keys."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.cli.main import main
from conformance.run import PHASES
from reports.record.entries import Outcome
from tests.conformance.servers import KEY, Received, Reply, conforming
from tests.conformance.sessions import ending_with

CASES = Path(__file__).parents[1] / "cases"


def failed(case: str, fault: str, out: Path) -> tuple[int, set[str]]:
    """The exit status of a run against the emulator with a fault, and the rules that fail."""
    description = str(CASES / f"{case}.yaml")
    status = main(["run", "--openapi", description, "--no-overlay", "--select", "auth.*", "--fault", fault, "--out", str(out)])
    found = json.loads((out / "summary.json").read_text())
    return status, {each["rule"] for each in found["failures"]}


@pytest.mark.parametrize(
    ("case", "fault", "rule"),
    [
        ("bearer-token", "no-key-needed", "auth.missing-key"),
        ("bearer-token", "key-any-case", "auth.near-miss"),
        ("bearer-token", "key-in-query", "auth.key-elsewhere"),
        ("keys-together", "unread-client", "auth.missing-key"),
        ("keys-together", "unread-query", "auth.wrong-key"),
        ("keys-together", "unread-token", "auth.read"),
        ("two-cookies", "unread-device", "auth.delete"),
    ],
)
def test_each_of_several_credentials_is_tried_alone(case: str, fault: str, rule: str, tmp_path: Path) -> None:
    status, rules = failed(case, fault, tmp_path)
    assert status == 1
    assert rule in rules


def test_another_spelling_of_the_path_must_not_let_anyone_in_without_a_key() -> None:
    server = conforming()

    def response(received: Received) -> Reply | None:
        usual = received.path.rstrip("/").lower()
        is_other = received.path != usual and usual.endswith("/calls")
        headers = {**received.headers, "x-api-key": KEY} if is_other else received.headers
        return server(replace(received, path=usual, headers=headers))

    for served, rules in ((response, {"auth.missing-key"}), (server, set[str]())):
        ending = ending_with(served, {"auth": PHASES["auth"]}, select=["auth.missing-key"])
        assert {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL} == rules
