"""Shards divide a run by its rules: each is judged once, with the verdict of one run, for little more requests."""

from __future__ import annotations

from functools import cache

import pytest

from conformance.checks.checker import Checker
from conformance.checks.tolerances import tolerances_of
from conformance.embedded import emulator_key, emulator_keys
from conformance.http.target import Target
from conformance.profiles import PROFILES
from conformance.profiles.sharding import Shard, divided
from conformance.results.exchange_log import unrecorded
from conformance.run import PHASES, go_through
from conformance.selfcheck.in_process import TrialClient
from conformance.session import Session
from emulator.app import create_app
from reports.record.entries import Outcome
from strategies.case import Case, Side
from strategies.plan.shared import SharedPlan
from tests.conformance.servers import conforming
from tests.conformance.sessions import orders_bench, session_with, whole

SMOKE = PROFILES["smoke"]


@cache
def plan() -> SharedPlan:
    return SharedPlan(orders_bench().catalogue, SMOKE.cases)


def session_on(fault: str | None, shard: Shard | None, profile: str = "smoke") -> Session:
    """A session against the emulator of the small API."""
    contract = orders_bench().catalogue.contract
    keys = emulator_keys(contract)
    app = create_app(contract, keys=frozenset(keys.values()), faults=[] if fault is None else [orders_bench().faults[fault]])
    target = Target(url="http://emulator.invalid", key=emulator_key(contract), more_keys=keys, concurrency=1, retries=0)
    return Session(
        catalogue=orders_bench().catalogue,
        client=TrialClient(target, contract, app),
        profile=PROFILES[profile],
        seed=0,
        write=unrecorded,
        shard=shard,
        shared_plan=plan(),
        shared_checker=Checker(orders_bench().catalogue, tolerances_of(contract)),
    )


@cache
def outcomes_of(fault: str | None, total: int) -> tuple[dict[str, Outcome], list[int]]:
    """The outcome of each rule in a run of so many shards, failures before others; and the requests of each shard."""
    found: dict[str, Outcome] = {}
    sent = []
    for index in range(1, total + 1):
        session = session_on(fault, Shard(index, total) if total > 1 else None)
        for each in go_through(session, PHASES).verdicts:
            if each.outcome is Outcome.FAIL or found.get(each.rule) is not Outcome.FAIL:
                found[each.rule] = each.outcome
        sent.append(session.sender.sent)
    return found, sent


@pytest.mark.parametrize("total", [2, 5])
def test_shards_come_to_the_verdicts_of_one_run(total: int) -> None:
    alone, sent_alone = outcomes_of(None, 1)
    found, sent = outcomes_of(None, total)
    assert found == alone
    assert sum(sent) <= sum(sent_alone) * (1 + 0.04 * total)
    assert max(sent) <= 2 * sum(sent) / total


@pytest.mark.parametrize(
    "fault",
    [
        "body.size.maximum:1-wider",
        "body.tags.echo:other",
        "response.gift.type:a-number",
        "body.gift:needed",
    ],
)
def test_shards_find_the_failures_of_one_run(fault: str) -> None:
    alone, found = outcomes_of(fault, 1)[0], outcomes_of(fault, 3)[0]
    failing = {rule for rule, outcome in alone.items() if outcome is Outcome.FAIL}
    assert failing == {rule for rule, outcome in found.items() if outcome is Outcome.FAIL} != set()
    # What a refused body would have shown beside its own rule may be seen in one of the two alone.
    assert all(Outcome.SKIP in (alone[rule], outcome) for rule, outcome in found.items() if outcome is not alone[rule])


@pytest.mark.slow
def test_shards_of_our_own_description_come_to_the_verdicts_of_one_run() -> None:
    found: dict[str, Outcome] = {}
    alone, *shards = (run_of_our_own(each) for each in (None, Shard(1, 2), Shard(2, 2)))
    for each, _, _ in shards:
        assert not found.keys() & each.keys()
        found |= each
    sent, created = [each[1] for each in shards], sum(each[2] for each in shards)
    assert found == alone[0]
    assert sum(sent) <= 1.3 * alone[1]
    assert max(sent) <= 1.2 * sum(sent) / 2
    assert created <= 1.8 * alone[2]


@pytest.mark.thorough
def test_three_shards_of_a_whole_run_divide_its_requests_evenly() -> None:
    found: dict[str, Outcome] = {}
    sent, created = [], 0
    for index in (1, 2, 3):
        with session_with(conforming(), shard=Shard(index, 3)) as session:
            verdicts = go_through(session, PHASES).verdicts
        found |= {each.rule: each.outcome for each in verdicts}
        sent.append(session.sender.sent)
        created += len(session.objects.numbers)
    assert found == {rule: each.outcome for rule, each in whole().items()}
    assert sum(sent) <= 1.15 * SMOKE.requests
    assert max(sent) <= 1.2 * sum(sent) / 3
    assert created <= 1.8 * SMOKE.created


def run_of_our_own(shard: Shard | None) -> tuple[dict[str, Outcome], int, int]:
    """The outcomes by rule of a run on some rules of our own description; how many requests it sent, and calls it created."""
    with session_with(conforming(), shard=shard, select=("auth.*", "state.*", "body.m*", "response.m*")) as session:
        outcomes = {each.rule: each.outcome for each in go_through(session, PHASES).verdicts}
    return outcomes, session.sender.sent, len(session.objects.numbers)


@pytest.mark.parametrize("total", [1, 2, 3, 5, 40])
def test_a_division_covers_each_rule_once(total: int) -> None:
    session = session_on(None, None)
    rules = orders_bench().catalogue.rules
    division = divided(plan(), SMOKE, rules, session.narrowing.tried_by, total)
    assert len(division) == total
    assert sorted(rule for each in division for rule in each) == sorted(rules)
    assert division == divided(plan(), SMOKE, list(rules)[::-1], session.narrowing.tried_by, total)


def test_a_body_that_tries_nothing_new_is_sent_by_one_shard() -> None:
    bodies = [Case(side=Side.ACCEPTS, label=f"drawn {number}", body={"size": 5}) for number in range(20)]
    shares = [session_on(None, Shard(index, 3)).choice for index in (1, 2, 3)]
    sent = [[case.label for case in choice.part_of(bodies)] for choice in shares]
    assert sorted({label for each in sent for label in each}) == sorted(case.label for case in bodies)
    assert len(sent[0]) + len(sent[1]) + len(sent[2]) <= len(bodies) + 2  # the first one may be new to each


def test_a_shard_without_a_rule_that_can_be_judged_is_no_failure() -> None:
    session = session_on(None, Shard(40, 40))
    ending = go_through(session, {})
    assert (ending.outcome, ending.exit) == ("conforms", 0)


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "a/3", "-1/3", "1/3/5", "1/ 3"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="shard"):
        Shard.of(text)
