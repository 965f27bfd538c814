"""Lengthy bodies: valid, nearly as large as what a server may refuse, and aimed at one text."""

from __future__ import annotations

from strategies.coverage.special_bodies import lengthy
from tests.conformance.sessions import plan


def test_the_first_texts_and_objects_are_long_once_each() -> None:
    cases = list(lengthy(plan().oracle, frozenset()))
    strings, objects = ["systemPrompt", "timeExceededMessage"], ["experimentalSettings", "initialState"]
    assert [list(case.body) for case in cases] == [[name] for name in (*strings, *objects)]
    assert all(plan().oracle.is_valid(case.body) for case in cases)
    assert all(24_000 < len(case.content or b"") < 30_000 for case in cases)
    assert [aim.rule for case in cases for aim in case.aims] == [f"body.{name}.type" for name in (*strings, *objects)]


def test_what_may_be_refused_where_it_is_lacking_is_left_out() -> None:
    names = [name for case in lengthy(plan().oracle, frozenset({"systemPrompt"})) for name in case.body]
    assert "systemPrompt" not in names
    assert "timeExceededMessage" in names
