"""Identity: no two objects have an id or a member in common that is said to be unique."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.identity import UNIQUE, Identities
from openapi.json_types import Json
from tests.conformance.checks.small import exchange

JOIN = "state.unique-join"


def identities() -> Identities:
    return Identities({"/join": JOIN})


def judged(known: Identities, identity: str, number: int, join: Json) -> tuple[list[str], set[str]]:
    found, held = known.check(identity, replace(exchange({"id": identity, "join": join}), number=number))
    assert {side for _, side in held} <= {"state"}
    return [each.rule for each in found], {rule for rule, _ in held}


@given(st.lists(st.sampled_from("abcd")))
def test_each_id_is_new_once(names: list[str]) -> None:
    known = identities()
    for number, name in enumerate(names, 1):
        found, held = judged(known, name, number, None)
        assert found == ([UNIQUE] if name in names[: number - 1] else [])
        assert held == (set() if found else {UNIQUE})
    assert known.numbers == {name: names.index(name) + 1 for name in names}


def test_the_request_that_got_the_id_first_is_named() -> None:
    known = identities()
    judged(known, "a", 3, None)
    (finding,), _ = known.check("a", replace(exchange({"id": "a"}), number=9))
    assert finding.actual == "a, the id of request 3"


def test_a_member_that_no_two_objects_share_is_shared_by_none() -> None:
    known = identities()
    assert judged(known, "a", 1, "https://one") == ([], {UNIQUE, JOIN})
    assert judged(known, "b", 2, "https://two") == ([], {UNIQUE, JOIN})
    assert judged(known, "c", 3, "https://one") == ([JOIN], {UNIQUE})
    (finding,), _ = known.check("d", exchange({"join": "https://two"}))
    assert finding.actual == "/join is https://two, that of the call b"


def test_what_is_no_text_says_nothing_of_the_member() -> None:
    known = identities()
    for number, join in enumerate((None, "", 7, ["x"]), 1):
        assert judged(known, str(number), number, join) == ([], {UNIQUE})
