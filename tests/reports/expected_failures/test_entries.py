"""Expected failures: each entry names rules by an id or a glob, and its state follows from their outcomes and the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.expected_failures.entries import Account, Accounted, Deviation, EntryState, ExpectedFailures, account
from reports.record.entries import Outcome

TODAY = date(2026, 1, 10)
RULES = ("body.a.type", "body.b.type", "auth.no-key")
OUTCOMES = st.fixed_dictionaries({rule: st.sampled_from(Outcome) for rule in RULES})
IDS = st.sampled_from(RULES).map(lambda rule: {"rule": rule})
GLOBS = st.sampled_from(["body.*", "*", "auth.*", "none.*"]).map(lambda rules: {"rules": rules})
ENTRIES = st.builds(
    lambda names, days, intermittent: Deviation(
        **names, reason="why", expires=TODAY + timedelta(days), intermittent=intermittent
    ),
    IDS | GLOBS,
    st.sampled_from([-1, 0, 1]),
    st.booleans(),
)


def deviation(*, rule: str | None = None, rules: str | None = None, days: int = 1, intermittent: bool = False) -> Deviation:
    return Deviation(rule=rule, rules=rules, reason="why", expires=TODAY + timedelta(days), intermittent=intermittent)


def state(entry: Deviation, outcome: Outcome) -> EntryState:
    (found,) = account(ExpectedFailures(entries=(entry,)), "", {"body.a.type": outcome}, TODAY).entries
    return found.state


def accounted(entries: list[Deviation], outcomes: dict[str, Outcome]) -> Account:
    return account(ExpectedFailures("known.yaml", tuple(entries)), "http://127.0.0.1", outcomes, TODAY)


def test_an_entry_is_known_by_its_id_or_its_glob() -> None:
    assert deviation(rule="body.a.type").name == "body.a.type"
    assert deviation(rules="body.*").name == "body.*"
    assert deviation().name == ""


@pytest.mark.parametrize("star", ["body.*.type", "body.a.*"])
def test_an_id_is_no_glob_even_with_a_star_in_it(star: str) -> None:
    assert deviation(rule=star).names(star)
    assert not deviation(rule=star).names("body.a.type")
    assert deviation(rules=star).names("body.a.type")
    assert not deviation().names(star)


@pytest.mark.parametrize(
    ("outcome", "usual", "intermittent"),
    [
        (Outcome.FAIL, EntryState.HOLDS, EntryState.HOLDS),
        (Outcome.PASS, EntryState.STALE, EntryState.HOLDS),
        (Outcome.ERROR, EntryState.UNJUDGED, EntryState.UNJUDGED),
        (Outcome.SKIP, EntryState.UNJUDGED, EntryState.UNJUDGED),
        (Outcome.OBSERVED, EntryState.UNJUDGED, EntryState.UNJUDGED),
    ],
)
def test_the_state_of_an_entry_follows_from_the_outcome(outcome: Outcome, usual: EntryState, intermittent: EntryState) -> None:
    assert state(deviation(rules="body.*"), outcome) is usual
    assert state(deviation(rules="body.*", intermittent=True), outcome) is intermittent
    assert state(deviation(rules="body.*", days=-1), outcome) is EntryState.EXPIRED
    assert state(deviation(rules="body.*", days=0), outcome) is usual, "the last day counts"
    assert state(deviation(rule="none"), outcome) is EntryState.UNMATCHED


@given(st.lists(ENTRIES, max_size=4), OUTCOMES)
def test_each_rule_that_an_entry_names_is_in_it_once_by_its_outcome(
    entries: list[Deviation], outcomes: dict[str, Outcome]
) -> None:
    found = accounted(entries, outcomes)
    assert [each.deviation for each in found.entries] == entries
    for each in found.entries:
        assert sorted((*each.failing, *each.passing, *each.others)) == sorted(filter(each.deviation.names, RULES))
        assert {outcomes[rule] for rule in each.failing} <= {Outcome.FAIL}
        assert {outcomes[rule] for rule in each.passing} <= {Outcome.PASS}
        assert not {outcomes[rule] for rule in each.others} & {Outcome.FAIL, Outcome.PASS}


@given(st.lists(ENTRIES, max_size=4), OUTCOMES)
def test_of_several_entries_for_a_rule_one_that_has_not_expired_counts_and_an_id_before_a_glob(
    entries: list[Deviation], outcomes: dict[str, Outcome]
) -> None:
    found = accounted(entries, outcomes)
    judged = {rule for rule in RULES if outcomes[rule] in (Outcome.FAIL, Outcome.PASS)}
    assert found.by_rule.keys() == {rule for rule in judged if any(each.names(rule) for each in entries)}
    for rule, chosen in found.by_rule.items():
        others = [each for each in found.entries if each.deviation.names(rule)]
        if chosen.state is EntryState.EXPIRED:
            assert all(each.state is EntryState.EXPIRED for each in others)
        same = [each for each in others if (each.state is EntryState.EXPIRED) == (chosen.state is EntryState.EXPIRED)]
        assert chosen.deviation.rule is not None or all(each.deviation.rule is None for each in same)


def test_only_what_has_expired_or_no_longer_fails_turns_a_run_red() -> None:
    entry = deviation(rule="body.a.type")
    red = {each for each in EntryState if Accounted(entry, each).red}
    assert red == {EntryState.STALE, EntryState.EXPIRED}


def test_an_entry_counts_at_its_targets_alone() -> None:
    here = Deviation(rule="a", reason="why", expires=TODAY, target="https://staging.*")
    everywhere = Deviation(rule="b", reason="why", expires=TODAY)
    known = ExpectedFailures(entries=(here, everywhere))
    assert known.at("https://staging.example.com") == (here, everywhere)
    assert known.at("https://example.com") == (everywhere,)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.PASS])
def test_an_id_counts_before_a_glob_and_what_has_not_expired_before_what_has(order: int, outcome: Outcome) -> None:
    glob, own = deviation(rules="body.*"), deviation(rule="body.a.type")
    past, past_glob = deviation(rule="body.a.type", days=-1), deviation(rules="body.*", days=-1)
    for entries, first in (([glob, own], own), ([past, glob], glob), ([past_glob, past], past), ([past, own], own)):
        found = accounted(entries[::order], {"body.a.type": outcome})
        assert found.by_rule["body.a.type"].deviation is first
    twins = [deviation(rules="body.*"), deviation(rules="*")]
    assert accounted(twins[::order], {"body.a.type": outcome}).by_rule["body.a.type"].deviation is twins[::order][0]
