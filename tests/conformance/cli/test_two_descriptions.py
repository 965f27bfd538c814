"""A run by two descriptions: which of them the server speaks, and where it differs from each."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.cli.main import main
from reports.record.reader import read_run
from tests.conformance.conftest import Command, Ran
from tests.conformance.servers import KEY
from tests.conformance.worlds import World, things, world_of
from tests.openapi.synthetic import written

Trial = Callable[..., Ran]
OLD, NEW = things(10), things(20, name={"type": "string", "maxLength": 4})


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(NEW) as served:
        yield served


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """Return a run by each description alone, and one by both, against a server that speaks the newer one."""
    folder = tmp_path_factory.mktemp("runs")
    old, new = (written(folder, document, name) for document, name in ((OLD, "old.json"), (NEW, "new.json")))
    found = {}
    with world_of(NEW) as served, pytest.MonkeyPatch.context() as patched:
        patched.setenv("ULTRAVOX_API_KEY", KEY)
        patched.setenv("COLUMNS", "1000")
        for name, descriptions in {"old": (old,), "new": (new,), "both": (old, new)}.items():
            out, printed = folder / name, io.StringIO()
            given = [part for path in descriptions for part in ("--openapi", path)]
            with contextlib.redirect_stdout(printed):
                status = main(["run", *given, "--target", served.url, "--out", str(out), "--quiet"])
            found[name] = Ran(status, printed.getvalue(), "", out)
    return found


@pytest.fixture
def trial(command: Command, tmp_path: Path, world: World) -> Trial:
    """Judge the server by descriptions, each of which is a document or a path."""

    def carry_out(*descriptions: Any, more: tuple[str | Path, ...] = ("--quiet",)) -> Ran:
        names = ("old.json", "new.json", "newest.json")
        paths = [
            each if isinstance(each, str) else written(tmp_path, each, name)
            for each, name in zip(descriptions, names, strict=False)
        ]
        given = [part for path in paths for part in ("--openapi", path)]
        return command("run", *given, "--target", world.url, "--out", tmp_path / "out", *more)

    return carry_out


def test_the_server_speaks_the_newer_one(runs: dict[str, Ran]) -> None:
    ran = runs["both"]
    assert ran.exit == 0
    spoken = ran.summary["spoken"]
    assert spoken["speaks"] == spoken["descriptions"][1]["digest"]
    assert spoken["rules"]["body.size.maximum"] == ["FAIL", "PASS"]
    assert spoken["descriptions"][0]["outcome"] == "fails"
    assert spoken["descriptions"][1]["failed"] == []
    sentence = ran.summary["spoken"]["sentence"]
    assert sentence.startswith("The server speaks new.json (version 20): 0 of ")
    assert "Of old.json (version 10) it violates" in sentence
    assert sentence in ran.stdout
    assert sentence in (ran.out / "summary.md").read_text().replace("\\", "")
    assert ran.summary["failed"] == []


def test_the_server_speaks_the_older_one(trial: Trial, world: World) -> None:
    world.behaviour = OLD
    ran = trial(OLD, NEW)
    assert ran.exit == 0
    assert ran.summary["spoken"]["speaks"] == ran.summary["spoken"]["descriptions"][0]["digest"]
    assert "body.size.maximum" in ran.summary["spoken"]["descriptions"][1]["failed"]


def test_both_columns_stand_on_the_page(runs: dict[str, Ran]) -> None:
    ran = runs["both"]
    page, other = ((ran.out / name).read_text() for name in ("report.html", "other-description.html"))
    for text, link in ((page, "other-description.html"), (other, "report.html")):
        section = text.partition('<section id="spoken"')[2].partition("</section>")[0]
        row = next(each for each in section.split("<tr>") if "body.size.maximum" in each)
        assert row.index('data-status="FAIL"') < row.index('data-status="PASS"')
        assert "MUST be at most 10" in row
        assert "MUST be at most 20" in row
        assert f'href="{link}"' in section
    assert 'href="#failures"' not in page
    assert 'href="#failures"' in other


def test_the_report_can_be_drawn_again(runs: dict[str, Ran], command: Command, tmp_path: Path) -> None:
    ran = runs["both"]
    again = command("report", ran.out, "--out", tmp_path / "out")
    assert again.exit == 0
    assert again.summary == ran.summary


def test_the_server_speaks_neither(trial: Trial, world: World) -> None:
    world.behaviour = things(30)
    ran = trial(OLD, NEW)
    assert ran.exit == 1
    assert ran.summary["spoken"]["speaks"] is None
    assert ran.summary["spoken"]["sentence"].startswith("The server speaks neither. Of ")
    assert ran.summary["spoken"]["rules"]["body.size.maximum"] == ["FAIL", "FAIL"]


def test_the_server_speaks_both_where_no_rule_differs(trial: Trial, world: World) -> None:
    world.behaviour = things(10, title="Other")
    ran = trial(things(10), things(10, title="Other"))
    assert ran.exit == 0
    assert "The server speaks both" in ran.stdout
    assert ran.summary["spoken"]["rules"] == {}


def test_a_server_that_is_not_there(trial: Trial, world: World) -> None:
    world.url = "http://127.0.0.1:1"
    ran = trial(OLD, NEW)
    assert ran.exit == 3
    assert "could not be judged by either description" in ran.stdout


def test_equal_descriptions_cost_no_more_than_one(trial: Trial, world: World) -> None:
    world.behaviour = things(10)
    alone = trial(things(10)).summary["requests"]
    both = trial(things(10), things(10, title="Other")).summary["requests"]
    assert alone <= both <= 1.05 * alone


def test_requests_that_both_need_are_sent_once(runs: dict[str, Ran]) -> None:
    alone = [runs[each].summary["requests"] for each in ("old", "new")]
    ran = runs["both"]
    assert ran.summary["requests"] < 0.8 * sum(alone)
    numbers = [each["number"] for each in ran.record if each["type"] == "exchange"]
    assert sorted(numbers) == list(range(1, ran.summary["requests"] + 1))
    run = read_run(ran.out / "run.jsonl")
    assert run.other is not None
    shared = [{number for each in one.verdicts.values() for number in each.exchanges} for one in (run, run.other)]
    assert shared[0] & shared[1]
    assert (shared[0] | shared[1]) <= set(numbers)


def test_verdicts_are_those_of_a_run_of_its_own(runs: dict[str, Ran]) -> None:
    alone = [{rule: each["outcome"] for rule, each in runs[name].verdicts().items()} for name in ("old", "new")]
    run = read_run(runs["both"].out / "run.jsonl")
    assert run.other is not None
    assert [{rule: str(each.outcome) for rule, each in one.verdicts.items()} for one in (run, run.other)] == alone


@pytest.mark.parametrize("option", ["--max-requests", "--max-created"])
def test_a_budget_holds_for_both_together(trial: Trial, option: str) -> None:
    ran = trial(OLD, NEW, more=("--quiet", option, "20"))
    assert ran.summary["requests" if option == "--max-requests" else "created"] <= 20
    assert {each["outcome"] for each in ran.summary["spoken"]["descriptions"]} <= {"conforms", "fails", "unjudged"}


def test_a_reader_of_one_description_sees_the_first(runs: dict[str, Ran]) -> None:
    ran = runs["both"]
    kinds = {each["type"] for each in ran.record}
    assert kinds == {"header", "rule", "field", "exchange", "verdict", "footer", "beside"}
    (footer,) = (each for each in ran.record if each["type"] == "footer")
    assert footer["exit"] == 1
    assert {each["entry"]["type"] for each in ran.record if each["type"] == "beside"} == kinds - {"exchange", "beside"}


def test_a_plan_names_the_second_description(trial: Trial) -> None:
    ran = trial(OLD, NEW, more=("--dry-run",))
    assert ran.exit == 0
    assert "new.json needs more requests, as far as it differs" in ran.stdout


ELSEWHERE = {**NEW, "paths": {"/elsewhere": NEW["paths"]["/api/calls"]}}


@pytest.mark.parametrize(
    ("documents", "more", "reported"),
    [
        pytest.param((OLD, "/no/such.yaml"), (), "/no/such.yaml", id="missing"),
        pytest.param((OLD, {"openapi": "3.1.0"}), (), "new.json", id="broken"),
        pytest.param((OLD, OLD), (), "new.json: it is the same document as", id="the same twice"),
        pytest.param((OLD, ELSEWHERE), ("--operation", "POST /api/calls"), "/api/calls", id="without the operation"),
        pytest.param((OLD, NEW, things(30)), (), "give one description, or two", id="three"),
        pytest.param((OLD, NEW), ("--select", "body.nothing"), "no rule has such an id", id="no such rule"),
    ],
)
def test_what_cannot_be_judged_by(trial: Trial, documents: Any, more: tuple[str, ...], reported: str) -> None:
    ran = trial(*documents, more=more)
    assert ran.exit == 2
    assert reported in ran.stderr
    assert len([line for line in ran.stderr.splitlines() if not line.startswith(("Note: ", "python -m conformance: "))]) <= 1
    assert "Traceback" not in ran.stderr
    assert not (ran.out / "run.jsonl").exists()


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_killed_run_goes_on_under_both(trial: Trial, world: World, command: Command, share: float) -> None:
    whole = trial(OLD, NEW, more=("--quiet", "--concurrency", "1"))
    before, sent, record = whole.summary, world.requests, whole.out / "run.jsonl"
    lines = record.read_bytes().splitlines(keepends=True)
    exchanges = [at for at, line in enumerate(lines) if b'"exchange"' in line[:40]]
    cut = exchanges[int(len(exchanges) * share)]
    record.write_bytes(b"".join(lines[:cut]) + lines[cut][:50])  # killed while it wrote a line
    again = command("run", "--resume", whole.out, "--quiet")
    assert again.exit == 0
    assert world.requests - sent < sent * (1.15 - share)
    same = ("spoken", "rules", "passed", "failed", "requests")
    assert {each: again.summary[each] for each in same} == {each: before[each] for each in same}


def test_a_killed_run_whose_second_description_has_changed_is_not_resumed(
    trial: Trial, command: Command, tmp_path: Path
) -> None:
    whole = trial(OLD, NEW)
    written(tmp_path, things(21), "new.json")
    again = command("run", "--resume", whole.out)
    assert again.exit == 2
    assert "new.json has changed since; start another run" in again.stderr
    assert whole.summary["spoken"]


def test_expected_failures_are_those_of_the_description_that_is_spoken(
    trial: Trial, world: World, command: Command, tmp_path: Path
) -> None:
    known = tmp_path / "known.yaml"
    ran = trial(OLD, NEW)
    wrote = command("known", ran.out, "--update", known)
    assert "0 expected failures added" in wrote.stdout
    assert "under new.json (version 20)" in wrote.stdout
    world.behaviour = things(30, name={"type": "string", "maxLength": 4})
    ran = trial(OLD, NEW)
    assert ran.exit == 1
    assert command("known", ran.out, "--update", known).exit == 0
    assert "body.size.maximum" in known.read_text()
    assert command("report", ran.out, "--known", known, "--out", tmp_path / "again").exit == 0


def test_holes_are_listed_under_each_description(runs: dict[str, Ran], command: Command) -> None:
    listed = command("holes", runs["both"].out)
    sections = listed.stdout.split("Under ")[1:]
    assert [each.partition(":")[0] for each in sections] == ["old.json (version 10)", "new.json (version 20)"]
    alone = [command("holes", runs[name].out).stdout for name in ("old", "new")]
    for section, own in zip(sections, alone, strict=True):
        assert set(section.splitlines()[1:-1]) <= set(own.splitlines())  # the other description's requests fill some
    assert listed.exit == 1


def test_a_failure_under_either_description_is_replayed(trial: Trial, world: World, command: Command) -> None:
    ran = trial(OLD, NEW)
    again = command("replay", ran.out, "--rule", "body.size.maximum")
    assert (again.exit, "still fails: body.size.maximum, under old.json (version 10)" in again.stdout) == (1, True)
    world.behaviour = OLD
    again = command("replay", ran.out, "--rule", "body.size.maximum")
    assert (again.exit, "now passes: body.size.maximum, under old.json (version 10)" in again.stdout) == (0, True)
    assert command("replay", ran.out, "--rule", "body.name.maxLength").exit == 3  # only the second one has it


def test_runs_are_compared_under_each_description(
    runs: dict[str, Ran], trial: Trial, world: World, command: Command, tmp_path: Path
) -> None:
    world.behaviour = OLD
    later = trial(OLD, NEW)
    page, text = tmp_path / "changes.html", tmp_path / "changes.md"
    compared = command("compare", runs["both"].out, later.out, "--html", page, "--markdown", text)
    assert compared.exit == 1
    first, second = compared.stdout.split("Under ")[1:]
    assert first.startswith("old.json (version 10):")  # which the server speaks now
    assert "Repaired" in first
    assert second.startswith("new.json (version 20):")
    assert "Broke" in second
    assert "Before: The server speaks new.json" in second
    assert "Now: The server speaks old.json" in second
    assert "# Under old.json" in text.read_text().replace("\\", "")
    pages = [page, tmp_path / "changes-other-description.html"]
    assert ["body.size.maximum" in each.read_text() for each in pages] == [True, True]


def test_a_run_by_one_description_is_compared_with_the_same_one(runs: dict[str, Ran], command: Command) -> None:
    for name in ("old", "new"):
        for pair in ((name, "both"), ("both", name)):
            compared = command("compare", *(runs[each].out for each in pair))
            assert compared.exit == 0
            assert "No rule broke" in compared.stdout
            assert "The description moved" not in compared.stdout
