"""Trials: a client that does all well has no finding, and each way of misbehaving is found as what it is."""

from __future__ import annotations

import pytest

from conformance.sdk.findings import KINDS
from conformance.sdk.process import HarnessError
from conformance.sdk.results import Results
from tests.conformance.sdk.conftest import Try


def found(results: Results) -> set[tuple[str, str]]:
    return {(each.kind, each.member) for each in results.findings}


@pytest.mark.slow
def test_a_faithful_client_has_no_finding(trial: Try) -> None:
    results = trial()
    assert found(results) == set()
    assert results.cases > 100
    assert results.skipped == 0
    assert {word for counts in results.members.values() for word in counts} == {"carried"}
    assert set(results.responses.values()) == {"carried"}


CALLS, EDGES = "call/*", "response/edge/*"
MISBEHAVIOURS = [
    ("drops-falsy", CALLS, "dropped", "enabled"),
    ("drops-falsy", CALLS, "dropped", "count"),
    ("drops-falsy", CALLS, "dropped", "name"),
    ("drops-falsy", CALLS, "dropped", "labels"),
    ("drops-proto", CALLS, "dropped", "labels.*"),
    ("numbers-as-text", CALLS, "mangled", "count"),
    ("numbers-as-text", CALLS, "invalid request", "count"),
    ("no-key", CALLS, "invalid request", ""),
    ("durations-as-numbers", CALLS, "mangled", "wait"),
    ("invents", CALLS, "invented", "name"),
    ("sends-null", CALLS, "redundant", "name"),
    ("query-in-body", CALLS, "query in body", "verbose"),
    ("query-in-body", CALLS, "dropped", "?verbose"),
    ("python-booleans", CALLS, "mangled", "?verbose"),
    ("refuses", CALLS, "not sent", "count"),
    ("twice", "call/whole/*", "repeated", ""),
    ("repeats-later", "call/whole/*", "repeated", ""),
    ("returns-nothing", CALLS, "dropped response", ""),
    ("drops-response", CALLS, "dropped response", "created"),
    ("mangles-response", CALLS, "mangled response", "created"),
    ("invents-response", CALLS, "invented response", "note"),
    ("truncates-digits", EDGES, "lost precision", "created"),
    ("no-leap-second", EDGES, "unread response", "created"),
    ("strict-members", "response/unknown/*", "unread extension", "an unknown member"),
    ("strict-enum", "response/unknown/*", "unread extension", "state"),
    ("swallows-errors", "response/error/*", "no error", "status 4XX"),
    ("loses-detail", "response/error/*", "lost detail", "status 4XX"),
    ("loses-status", "response/error/*", "lost status", "status 5XX"),
    ("impatient", "response/wait/*", "not waited", "status 429"),
    ("impatient", "response/wait/*", "not waited", "status 503"),
    ("too-early", "response/wait/*in-seconds", "too early", "status 429"),
    ("exits-once", "call/enabled/*", "crash", ""),
    ("documents-wrongly", "call/*", "documented example", "wait"),
]


@pytest.mark.parametrize(("how", "select", "kind", "member"), MISBEHAVIOURS, ids=lambda each: each.replace("*", ""))
def test_each_misbehaviour_is_found(trial: Try, how: str, select: str, kind: str, member: str) -> None:
    assert (kind, member) in found(trial(how, select))


def test_each_kind_of_deviation_has_a_misbehaviour() -> None:
    shown = {kind for _, _, kind, _ in MISBEHAVIOURS}
    assert set(KINDS) - shown == {"documented default"}, "see test_checks.py for the documented default"


def test_timestamps_in_another_spelling_are_the_same(trial: Try) -> None:
    assert found(trial("other-spelling", CALLS, EDGES)) == set()


def test_an_unsupported_member_is_no_deviation(trial: Try) -> None:
    results = trial("unsupported", "call/labels*")
    assert found(results) == set()
    assert set(results.members["labels"]) == {"cannot express"}


def test_members_that_a_client_does_not_expose_are_not_missed(trial: Try) -> None:
    results = trial("partial", CALLS, EDGES)
    assert found(results) == set()
    assert results.responses["id"] == "carried"
    assert results.responses["created"] == "not exposed"


def test_a_finding_is_reproduced_by_its_one_case(trial: Try) -> None:
    for how, select in (("drops-falsy", CALLS), ("strict-enum", "response/*/state/*")):
        for finding in trial(how, select).findings:
            again = trial(how, finding.case)
            assert again.cases == 1
            assert (finding.kind, finding.member) in found(again)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("exits", "crashed 6 times, the last time: the harness ended with status 7\nno more"),
        ("chatters", "expected a result message, got 'creating a call', which is not JSON"),
        ("other-id", "result: id is 'another'"),
        ("other-outcome", "result: outcome is 'perhaps', expected one of returned, raised, unsupported"),
        ("other-protocol", "hello: protocol is 2, this suite speaks 1"),
    ],
)
def test_a_broken_harness_is_an_error(trial: Try, how: str, message: str) -> None:
    with pytest.raises(HarnessError) as error:
        trial(how, "call/count/*")
    assert str(error.value).startswith(message)


def test_a_harness_that_hangs_is_a_crash(trial: Try) -> None:
    with pytest.raises(HarnessError, match=r"no reply within 0\.5 seconds"):
        trial("hangs", "call/count/*", timeout=0.5)
