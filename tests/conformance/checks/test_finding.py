"""Findings: which of several is reported, and how values are shown."""

from __future__ import annotations

from conformance.checks.finding import Finding, most_specific, shown_apart, where


def finding(rule: str, side: str, *path: str) -> Finding:
    return Finding(rule, side, "", "", path)


def test_the_most_specific_finding_is_reported() -> None:
    shape = finding("response.a.type", "shape", "a")
    default, echo = finding("body.a.default", "default", "a"), finding("body.a.echo", "echo", "a")
    elsewhere = finding("body.b.echo", "echo", "b")
    assert most_specific([echo, default, shape, elsewhere], lambda _rule: True) == [shape, elsewhere]
    assert most_specific([echo, default], lambda _rule: True) == [default]
    assert most_specific([echo], lambda _rule: True) == [echo]
    assert most_specific([], lambda _rule: True) == []
    assert most_specific([echo, default], lambda rule: rule == echo.rule) == [echo, default]
    assert most_specific([echo, default], lambda _rule: False) == [default]


def test_findings_about_a_part_explain_those_about_the_whole() -> None:
    inner, outer = finding("response.a.b.type", "shape", "a", "b"), finding("body.a.echo", "echo", "a")
    assert most_specific([outer, inner], lambda _rule: True) == [inner]


def test_a_missing_member_explains_its_echo_and_no_other() -> None:
    missing = finding("response.a.required", "shape")
    echoes = [finding("body.a.echo", "echo", "a"), finding("body.b.echo", "echo", "b")]
    assert most_specific([*echoes, missing], lambda _rule: True) == [echoes[1], missing]


def test_long_values_are_shown_where_they_differ() -> None:
    assert shown_apart("a" * 900 + "bc", "a" * 900 + "c") == (
        f'…{"a" * 60}bc" (904 characters)',
        f'…{"a" * 60}c" (903 characters)',
    )
    assert shown_apart("b" + "a" * 900, "c" + "a" * 900)[0] == f'"b{"a" * 258}… (903 characters)'
    assert shown_apart(1, "x") == ("1", '"x"')


def test_a_path_is_shown_as_a_pointer_and_the_whole_in_words() -> None:
    assert where(("a", 0, "b/c")) == "/a/0/b~1c"
    assert where(()) == "the body"
