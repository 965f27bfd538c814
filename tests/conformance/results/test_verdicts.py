"""The verdicts at the end: each selected rule has one, and each rule that nothing bears on says the true reason."""

from __future__ import annotations

from dataclasses import replace

from conformance.results.results import Results
from conformance.results.verdicts import ONE_SIDED, Evidence, verdicts, violable
from openapi.rules import Area, Basis, Level, Rule
from reports.record.entries import Outcome, Verdict
from strategies.plan.plan import Plan
from tests.conformance.results.small import catalogue, exchange, results

MAXIMUM = "body.size.maximum"


def judged(
    found: Results, *, legible: bool | None = True, hidden: str = "", violated: frozenset[str] = frozenset()
) -> dict[str, Verdict]:
    evidence = Evidence(legible, lambda rule: "size" if rule == hidden else None, violated)
    return {each.rule: each for each in verdicts(catalogue(), found, evidence, strict=False)}


def reason(found: dict[str, Verdict], rule: str) -> str:
    assert found[rule].outcome is not Outcome.PASS
    return str(found[rule].reason)


def test_each_selected_rule_has_one_verdict() -> None:
    assert judged(results()).keys() == catalogue().rules.keys()
    assert judged(results("body.size.*")).keys() == {rule for rule in catalogue().rules if rule.startswith("body.size.")}


def test_a_rule_passes_only_if_a_violation_of_it_was_refused() -> None:
    found = results()
    found.hold(MAXIMUM, "accepts", exchange(1))
    assert judged(found, violated=frozenset({MAXIMUM}))[MAXIMUM].outcome is Outcome.SKIP
    found.hold(MAXIMUM, "rejects", exchange(2, 400))
    assert judged(found, violated=frozenset({MAXIMUM}))[MAXIMUM].outcome is Outcome.PASS


def test_a_constraint_of_which_no_violation_could_be_constructed_says_so() -> None:
    found = results()
    found.hold(MAXIMUM, "accepts", exchange(1))
    assert reason(judged(found), MAXIMUM) == ONE_SIDED
    assert reason(judged(results(), violated=frozenset({MAXIMUM})), MAXIMUM) == "no request of this profile bears on it"


def test_where_no_response_can_be_read_rules_about_responses_say_so() -> None:
    about = [each.id for each in catalogue().rules.values() if each.area in (Area.SHAPE, Area.DEFAULT, Area.ECHO)]
    others = [each for each in catalogue().rules if each not in about]
    unread = judged(results(), legible=False)
    assert about
    assert all("no response to a created call could be read" in reason(unread, each) for each in about)
    assert not any("could be read" in reason(unread, each) for each in others)
    assert {unread[each].outcome for each in about} == {Outcome.SKIP}
    for legible in (True, None):
        assert not any("could be read" in reason(judged(results(), legible=legible), each) for each in about)


def test_it_is_an_error_where_the_rule_that_says_why_is_not_selected() -> None:
    alone = judged(results("response.id.*"), legible=False)
    assert {each.outcome for each in alone.values()} == {Outcome.ERROR}
    assert {next(iter(each.sides)) for each in alone.values()} == {"shape"}


def test_a_rule_that_is_hidden_by_a_refusal_names_the_place() -> None:
    found = judged(results(), hidden="body.size.echo", violated=frozenset({MAXIMUM}))
    assert reason(found, "body.size.echo").startswith("size is refused for another reason")
    assert not reason(found, MAXIMUM).startswith("size")


def test_what_nobody_documents_is_said_to_be_watched() -> None:
    undocumented = [each.id for each in catalogue().rules.values() if each.basis is Basis.UNDOCUMENTED]
    found = judged(results())
    for rule in undocumented:
        assert ("nobody documents it" in reason(found, rule)) is rule.startswith("body.")


def test_a_default_that_no_response_showed_is_not_said_to_be_untried() -> None:
    defaults = [each.id for each in catalogue().rules.values() if each.area is Area.DEFAULT]
    assert defaults
    assert all("no response showed" in reason(judged(results()), each) for each in defaults)
    assert not any("no response showed" in reason(judged(results(), legible=None), each) for each in defaults)


def test_a_rule_about_exchanges_that_no_response_showed_says_so() -> None:
    stated = Rule("response.stated", Area.ECHO, Level.MUST, Basis.DOCUMENTED, "x MUST follow.", None, "here")
    contract = replace(catalogue().contract, extensions={"x-exchange-rules": [{"id": "stated"}]})
    own = replace(catalogue(), contract=contract, rules={**catalogue().rules, stated.id: stated})
    for legible, said in ((True, True), (None, False)):
        evidence = Evidence(legible, lambda _rule: None, frozenset())
        (found,) = (each for each in verdicts(own, results(), evidence, strict=False) if each.rule == stated.id)
        assert ("no response showed" in str(found.reason)) is said


def test_what_can_be_violated_is_what_is_planned_or_may_be_while_it_is_not() -> None:
    plan = Plan(catalogue())
    before = violable(plan)
    assert before == {
        each.id
        for each in catalogue().rules.values()
        if each.id.startswith("body.") and each.area not in (Area.ECHO, Area.DEFAULT)
    }
    assert plan.violations
    assert violable(plan) == plan.violations.keys() <= before
