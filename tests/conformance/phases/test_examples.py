"""Failing bodies from run to run: the next run sends them first, and forgets those that no longer fail."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase

from conformance.profiles import PROFILES
from conformance.results.examples import Examples
from conformance.run import PHASES, carry_out, phases_of
from conformance.session.choice import REPLAYED
from conformance.session.heading import header
from emulator.faults import faults_of
from openapi.json_types import Json
from reports.record.entries import Entry, Exchange, Outcome
from tests.conformance.servers import Response, catalogue, conforming
from tests.conformance.sessions import session_with

FAULT = faults_of(catalogue().contract)["temperature-a-little-above-1"]
RULES = ("body.temperature.m*imum",)


def run(database: ExampleDatabase, response: Response, rules: Sequence[str] = RULES) -> tuple[list[str], set[str]]:
    """The labels of what was sent, in order, and the rules that failed."""
    record: list[Entry] = []
    phases = {name: phase for name, phase in phases_of(PROFILES["smoke"], replays=True).items() if name in (REPLAYED, "bodies")}
    with session_with(response, record=record, select=rules, examples=Examples(database, catalogue().contract)) as session:
        ending = carry_out(session, header(catalogue(), session, embedded=True, command="run"), phases)
    labels = [each.label for each in record if isinstance(each, Exchange)]
    return labels, {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL}


def bodies(database: ExampleDatabase) -> list[Json]:
    return Examples(database, catalogue().contract).bodies()


def test_what_failed_is_sent_first_and_forgotten_once_it_is_repaired() -> None:
    database = InMemoryExampleDatabase()
    labels, failed = run(database, conforming(faults=[FAULT]))
    assert (failed, [each for each in labels if "before" in each]) == ({"body.temperature.maximum"}, [])
    [body] = bodies(database)
    assert set(body) == {"temperature"}

    labels, failed = run(database, conforming(faults=[FAULT]))
    assert failed == {"body.temperature.maximum"}
    assert not {"just above 1", "above 1", "just below 0"} & set(labels[: labels.index("failed before 1")])
    assert bodies(database) == [body]

    labels, failed = run(database, conforming())
    assert (failed, "failed before 1" in labels) == (set(), True)
    assert bodies(database) == []


def test_a_refused_valid_body_is_replayed_too() -> None:
    database = InMemoryExampleDatabase()
    Examples(database, catalogue().contract).database.save(Examples(database, catalogue().contract).key, b'{"temperature":0.5}')
    labels, failed = run(database, conforming())
    assert (failed, "failed before 1" in labels, bodies(database)) == (set(), True, [])


def test_a_profile_without_a_database_has_no_such_phase() -> None:
    assert REPLAYED not in phases_of(PROFILES["smoke"])
    assert list(phases_of(PROFILES["smoke"], replays=True)) == [REPLAYED, *PHASES]
