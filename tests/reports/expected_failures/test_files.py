"""Expected failures: what they excuse, what turns a run red, and the files they stand in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reports.expected_failures.entries import Deviation, EntryState, ExpectedFailures
from reports.expected_failures.files import ExpectedFailuresError, load_expected, update_expected
from reports.record.entries import Footer, Outcome
from reports.record.recorded_run import Run
from reports.status import RuleStatus, decide

LATER, PAST = date(2027, 1, 31), date(2026, 11, 21)
FAILED = "body.temperature.maximum"
PASSED = "body.temperature.minimum"


def known(*entries: Deviation) -> ExpectedFailures:
    return ExpectedFailures("known.toml", entries)


def entry(rule: str | None = None, *, expires: date = LATER, **more: object) -> Deviation:
    return Deviation(rule=rule, reason="agreed", expires=expires, **more)  # type: ignore[arg-type]


def failed_rules(run: Run) -> list[str]:
    return [rule.id for rule, _ in run.judged(Outcome.FAIL)]


def test_a_listed_failure_is_green_but_reported(failed_run: Run) -> None:
    every = known(*(entry(rule_id) for rule_id in failed_rules(failed_run)))
    run_status = decide(failed_run, every)
    assert run_status.rules(RuleStatus.FAIL) == []
    assert run_status.rules(RuleStatus.KNOWN) == failed_rules(failed_run)
    assert {each.state for each in run_status.account.entries} == {EntryState.HOLDS}


def test_all_failures_listed_and_nothing_in_error_conforms(failed_run: Run) -> None:
    judged = replace(
        failed_run,
        verdicts={
            rule_id: replace(verdict, outcome=Outcome.PASS) if verdict.outcome is Outcome.ERROR else verdict
            for rule_id, verdict in failed_run.verdicts.items()
        },
    )
    every = known(*(entry(rule_id) for rule_id in failed_rules(failed_run)))
    assert (decide(judged, every).outcome, decide(judged, every).exit) == ("conforms", 0)
    # With errors left nobody knows what would have been judged.
    assert (decide(failed_run, every).outcome, decide(failed_run, every).exit) == ("unjudged", 3)


def test_a_deviation_never_hides_another_rule(failed_run: Run) -> None:
    run_status = decide(failed_run, known(entry(FAILED)))
    assert run_status.rule_statuses[FAILED] is RuleStatus.KNOWN
    assert run_status.rules(RuleStatus.FAIL) == [each for each in failed_rules(failed_run) if each != FAILED]
    assert (run_status.outcome, run_status.exit) == ("fails", 1)


def test_a_listed_rule_that_passes_is_stale_and_red(conforming_run: Run) -> None:
    run_status = decide(conforming_run, known(entry(PASSED)))
    assert run_status.rule_statuses[PASSED] is RuleStatus.STALE
    assert (run_status.outcome, run_status.exit) == ("fails", 1)


def test_an_expired_deviation_is_red(failed_run: Run, conforming_run: Run) -> None:
    expired = decide(failed_run, known(entry(FAILED, expires=PAST)))
    assert expired.rule_statuses[FAILED] is RuleStatus.EXPIRED
    assert FAILED in expired.red
    assert decide(conforming_run, known(entry("no.such.rule", expires=PAST))).outcome == "fails"


def test_a_deviation_holds_on_its_last_day(failed_run: Run) -> None:
    last_day = decide(failed_run, known(entry(FAILED, expires=date(2026, 11, 22))))
    assert last_day.rule_statuses[FAILED] is RuleStatus.KNOWN


def test_an_intermittent_deviation_may_pass(conforming_run: Run) -> None:
    run_status = decide(conforming_run, known(entry(PASSED, intermittent=True)))
    assert (run_status.outcome, run_status.rule_statuses[PASSED]) == ("conforms", RuleStatus.PASS)


def test_an_id_is_never_read_as_a_glob(failed_run: Run) -> None:
    """`body.selectedTools.*.temporaryTool.timeout.pattern` is one rule, however many its text would match."""
    listed = decide(failed_run, known(entry("body.*")))
    assert [each.state for each in listed.account.entries] == [EntryState.UNMATCHED]
    assert listed.outcome == "fails"


def test_a_glob_is_stale_when_no_rule_of_it_fails(failed_run: Run, conforming_run: Run) -> None:
    glob = known(entry(rules="body.temperature.*"))
    assert [each.state for each in decide(failed_run, glob).account.entries] == [EntryState.HOLDS]
    assert [each.state for each in decide(conforming_run, glob).account.entries] == [EntryState.STALE]


def test_what_was_not_judged_is_neither_stale_nor_excused(failed_run: Run) -> None:
    run_status = decide(failed_run, known(entry("state.medium.inherited")))
    assert [each.state for each in run_status.account.entries] == [EntryState.UNJUDGED]
    assert run_status.rule_statuses["state.medium.inherited"] is RuleStatus.ERROR


def test_entries_of_another_target_do_not_count(failed_run: Run) -> None:
    other = decide(failed_run, known(entry(FAILED, target="https://staging.*")))
    assert other.account.entries == ()
    assert FAILED in other.red


def test_an_unjudged_run_stays_unjudged(failed_run: Run) -> None:
    footer = Footer(finished="", outcome="unjudged", exit=3, reason="unreachable", requests=1, seconds=1)
    for run in (replace(failed_run, footer=footer), replace(failed_run, footer=None)):
        assert decide(run, known(entry(FAILED))).exit == 3


@pytest.mark.parametrize(
    ("name", "text", "reported"),
    [
        ("a.toml", "[[deviation]", "this is no TOML"),
        ("a.yaml", "deviation: [", "this is no YAML"),
        ("a.toml", "\x00", "this is no TOML"),
        ("a.toml", 'deviations = "x"', "the one key `deviation`"),
        ("a.yaml", "- rule", "the one key `deviation`"),
        ("a.yaml", "deviation: rule", "deviation: a list of entries is expected"),
        ("a.yaml", "deviation: [x]", "deviation 1: a table is expected, not 'x'"),
        ("a.toml", '[[deviation]]\nrule = "r"\nwhy = "x"', "deviation 1 (r): unknown key `why`"),
        ("a.toml", '[[deviation]]\nrule = "r"\nreason = ""', "`reason` is ''; a sentence is expected"),
        ("a.toml", '[[deviation]]\nrule = "r"\nreason = "x"', "`expires` is missing"),
        ("a.toml", '[[deviation]]\nrule = "r"\nexpires = "2027-01-01"\nreason = "x"', "without quotes"),
        (
            "a.toml",
            '[[deviation]]\nrule = "r"\nexpires = 2027-01-01T00:00:00\nreason = "x"',
            "a date such as",
        ),
        ("a.toml", '[[deviation]]\nreason = "x"\nexpires = 2027-01-01', "either `rule` (an id) or `rules`"),
        ("a.toml", '[[deviation]]\nrule = "r"\nrules = "*"\nreason = "x"\nexpires = 2027-01-01', "either"),
    ],
)
def test_an_invalid_file_says_what_and_where(tmp_path: Path, name: str, text: str, reported: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ExpectedFailuresError) as caught:
        load_expected(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert reported in str(caught.value)


def test_a_missing_or_binary_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExpectedFailuresError, match="No such file"):
        load_expected(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ExpectedFailuresError, match="not UTF-8"):
        load_expected(tmp_path / "a.toml")


@pytest.mark.parametrize("name", ["known.toml", "known.yaml"])
def test_a_written_file_excuses_the_run_it_was_written_from(name: str, tmp_path: Path, failed_run: Run) -> None:
    path = tmp_path / name
    reported = update_expected(path, failed_run)
    assert reported == f"{path}: 6 expected failures added, 0 taken out"
    written = load_expected(path)
    assert [each.rule for each in written.entries] == failed_rules(failed_run)
    assert {each.expires for each in written.entries} == {date(2026, 11, 22) + timedelta(days=30)}
    assert {each.target for each in written.entries} == {failed_run.header.target}
    assert decide(failed_run, written).rules(RuleStatus.FAIL) == []
    assert update_expected(path, failed_run).endswith("0 expected failures added, 0 taken out")


@pytest.mark.parametrize("name", ["known.toml", "known.yaml"])
def test_an_update_takes_out_what_is_stale(name: str, tmp_path: Path, failed_run: Run, conforming_run: Run) -> None:
    path = tmp_path / name
    update_expected(path, failed_run)
    conforming = replace(conforming_run, header=replace(conforming_run.header, target=failed_run.header.target))
    assert update_expected(path, conforming) == f"{path}: 0 expected failures added, 6 taken out"
    assert load_expected(path).entries == ()


def test_an_update_leaves_alone_what_people_wrote(tmp_path: Path, failed_run: Run) -> None:
    path = tmp_path / "known.toml"
    path.write_text(
        "# ours\n\n"
        "# about the maximum\n"
        "[[deviation]]  # no header of the plain kind\n"
        'rule = "body.temperature.maximum"\nreason = "see mail"\nexpires = 2027-05-01\n'
    )
    update_expected(path, failed_run)
    assert load_expected(path).entries[0].reason == "see mail"
    text = (
        "# ours\n\n"
        '[[deviation]]\nrule = "body.temperature.minimum"\nreason = "stale"\nexpires = 2027-05-01\n\n'
        "# about the maximum\n"
        '[[deviation]]\nrule = "body.temperature.maximum"\nreason = "see mail"  # of May\n'
        "expires = 2027-05-01\n\n"
        "# of another target\n"
        '[[deviation]]\nrule = "x"\nreason = "y"\nexpires = 2020-05-01\ntarget = "https://other"\n'
    )
    path.write_text(text)
    assert update_expected(path, failed_run).endswith("5 expected failures added, 1 taken out")
    after = path.read_text()
    assert "# ours" in after
    assert '# about the maximum\n[[deviation]]\nrule = "body.temperature.maximum"' in after
    assert 'reason = "see mail"  # of May' in after
    assert "# of another target" in after
    assert "body.temperature.minimum" not in after


def test_an_update_of_inline_tables_keeps_all_that_an_entry_says(tmp_path: Path, failed_run: Run) -> None:
    path = tmp_path / "known.toml"
    entries = [
        f'{{ rule = "other.{index}", reason = "why", expires = 2027-05-01, target = "*", intermittent = {word} }}'
        for index, word in enumerate(("true", "false"))
    ]
    path.write_text(f"deviation = [{', '.join(entries)}]\n")
    before = load_expected(path).entries
    update_expected(path, failed_run)
    after = load_expected(path).entries
    assert [each.intermittent for each in before] == [True, False]
    assert after[:2] == before
    assert len(after) > 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@example(text="\x85")
@example(text="\u2028[[deviation]]\u2028")
@pytest.mark.parametrize("name", ["known.toml", "known.yaml"])
def test_any_text_survives_a_file(name: str, text: str, tmp_path: Path, failed_run: Run) -> None:
    verdict = failed_run.verdicts[FAILED]
    renamed = replace(verdict, rule=f"x{text}x", failures=[replace(verdict.failures[0], actual=text)])
    run = replace(failed_run, verdicts={renamed.rule: renamed}, rules={})
    path = tmp_path / name
    path.unlink(missing_ok=True)
    update_expected(path, run)
    written = load_expected(path).entries[0]
    assert written.rule == renamed.rule
    assert written.reason.endswith(" ".join(f"got {text}".split()))


def test_a_new_entry_names_the_rule_first_and_a_reason_of_at_most_300_characters(tmp_path: Path, failed_run: Run) -> None:
    verdict = failed_run.verdicts[FAILED]
    long = replace(verdict, failures=[replace(verdict.failures[0], actual="x" * 900)])
    path = tmp_path / "known.yaml"
    update_expected(path, replace(failed_run, verdicts={long.rule: long}))
    assert f"deviation:\n- rule: {long.rule}\n  reason: " in path.read_text()
    assert len(load_expected(path).entries[0].reason) == 300


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ExpectedFailuresError) as refused:
        load_expected(tmp_path / "absent.yaml")
    assert "No such file" in str(refused.value)
    assert "Errno" not in str(refused.value)
