"""`--shard` and `report merge`: parts of a run on several machines, and their records as one."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest

from conformance.cli.shard import shard
from tests.conformance.conftest import Command, Ran
from tests.conformance.sessions import ORDERS

FEW = ("--openapi", str(ORDERS), "--no-overlay", "--quiet")
_VARIABLES = "CI_NODE_INDEX CI_NODE_TOTAL CIRCLE_NODE_INDEX CIRCLE_NODE_TOTAL BUILDKITE_PARALLEL_JOB".split()
_VARIABLES += ["BUILDKITE_PARALLEL_JOB_COUNT", "JOB_COMPLETION_INDEX"]
pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)


def run_shards(command: Command, folder: Path, *more: str) -> list[Ran]:
    """Carry out both shards of a run, each in a directory of its own."""
    return [command("run", "--shard", f"{index}/2", "--out", folder / str(index), *FEW, *more) for index in (1, 2)]


def outcomes(ran: Ran) -> dict[str, str]:
    return {rule: each["outcome"] for rule, each in ran.verdicts().items()}


@pytest.mark.parametrize("fault", [pytest.param(None, marks=pytest.mark.slow), "crash-on-emoji"])
def test_merged_shards_are_the_report_of_one_run(fault: str | None, command: Command, tmp_path: Path) -> None:
    planted = () if fault is None else ("--fault", fault)
    whole = command("run", "--out", tmp_path / "out", *FEW, *planted)
    alone, summary = outcomes(whole), whole.summary
    shards = run_shards(command, tmp_path, *planted)
    merged = command("report", "merge", tmp_path / "2", tmp_path / "1" / "run.jsonl", "--out", tmp_path / "out")
    assert merged.exit == whole.exit == (1 if fault else 0)
    assert max(each.exit for each in shards) == whole.exit
    assert outcomes(merged) == alone
    for name in ("passed", "failed", "skipped", "observed", "outcome", "exit", "seed", "profile"):
        assert merged.summary[name] == summary[name], name
    numbers = [each["number"] for each in merged.record if each["type"] == "exchange"]
    assert numbers == list(range(1, len(numbers) + 1))
    for verdict in merged.verdicts().values():
        assert {*verdict["exchanges"], *(each["exchange"] for each in verdict["failures"])} <= set(numbers)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["1"], "there is no record of shard 2/2"),
        (["1", "1"], "shard 1/2 is given twice"),
        (["1", "2", "2"], "shard 2/2 is given twice"),
        (["1", "other"], "has another seed than"),
        (["1", "whole"], "is no record of a shard"),
        (["1", "third"], "parts of different runs"),
        (["1", "none"], "there is no such record"),
    ],
)
def test_records_that_do_not_belong_together_are_refused(
    given: list[str], problem: str, command: Command, shards: Path, tmp_path: Path
) -> None:
    merged = command("report", "merge", *(shards / each for each in given), "--out", tmp_path / "merged")
    assert merged.exit == 2
    assert problem in merged.stderr
    assert merged.stderr.count("\n") == 1
    assert not (tmp_path / "merged" / "run.jsonl").exists()


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of both shards of a run, and of runs that they do not belong to."""
    from conformance.cli.main import main

    folder = tmp_path_factory.mktemp("shards")
    few = [*FEW, "--select", "status.*"]
    for name, more in {
        "1": ["--shard", "1/2"],
        "2": ["--shard", "2/2"],
        "other": ["--shard", "2/2", "--seed", "5"],
        "third": ["--shard", "2/3"],
        "whole": [],
    }.items():
        main(["run", "--out", str(folder / name), *few, *more])
    return folder


def test_a_merged_record_is_not_written_over_that_of_a_shard(command: Command, shards: Path) -> None:
    before = (shards / "1" / "run.jsonl").read_bytes()
    merged = command("report", "merge", shards / "1", shards / "2", "--out", shards / "1")
    assert (merged.exit, (shards / "1" / "run.jsonl").read_bytes()) == (2, before)
    assert command("report", "merge", shards / "1", shards / "2").exit == 2  # without --out
    assert command("report", shards / "1", shards / "2").exit == 2  # without merge


def test_a_killed_shard_leaves_the_run_unjudged_until_it_is_resumed(command: Command, tmp_path: Path) -> None:
    run_shards(command, tmp_path, "--concurrency", "1")
    shutil.copytree(tmp_path / "1", tmp_path / "whole")
    lines = (tmp_path / "1" / "run.jsonl").read_bytes().splitlines(keepends=True)
    exchanges = [at for at, line in enumerate(lines) if b'"exchange"' in line[:40]]
    cut = exchanges[len(exchanges) // 2]
    (tmp_path / "1" / "run.jsonl").write_bytes(b"".join(lines[:cut]) + lines[cut][:40])
    merged = command("report", "merge", tmp_path / "1", tmp_path / "2", "--out", tmp_path / "out")
    assert (merged.exit, merged.summary["outcome"]) == (3, "interrupted")
    assert "shard 1/2" in merged.footer()["reason"]
    assert any("shard 1/2 ended before" in str(each["reason"]) for each in merged.verdicts().values())
    assert command("run", "--resume", tmp_path / "1", "--quiet").exit == 0
    resumed = command("report", "merge", tmp_path / "1", tmp_path / "2", "--out", tmp_path / "out")
    known = outcomes(resumed)
    assert resumed.exit == 0
    assert known == outcomes(command("report", "merge", tmp_path / "whole", tmp_path / "2", "--out", tmp_path / "out"))


def test_the_history_of_a_merged_run_keeps_its_description(command: Command, tmp_path: Path) -> None:
    described, history = tmp_path / "orders.yaml", tmp_path / "history"
    shutil.copy(ORDERS, described)
    for index in (1, 2):
        few = ("--openapi", described, "--no-overlay", "--select", "body.*", "--quiet")
        command("run", "--shard", f"{index}/2", "--out", tmp_path / str(index), *few)
    merge = ("report", "merge", tmp_path / "1", tmp_path / "2", "--out", tmp_path / "out", "--history")
    merged = command(*merge, history)
    digest = merged.summary["description"]["kept"]
    assert (merged.exit, merged.stderr) == (0, "")
    assert (history / "descriptions" / f"{digest}.yaml").read_bytes() == described.read_bytes()
    described.write_text(described.read_text() + "# another one\n")
    later = command(*merge, tmp_path / "later")
    assert later.exit == 0
    assert "is not kept with the history: it has changed since the run" in later.stderr
    assert not list((tmp_path / "later" / "descriptions").glob("*.yaml"))
    described.unlink()
    assert "is not kept with the history" in command(*merge, tmp_path / "later").stderr


@pytest.mark.parametrize(
    ("variables", "text", "expected"),
    [
        ({}, "2/3", "2/3"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, "auto", "3/4"),
        ({"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "4"}, "auto", "1/4"),
        ({"BUILDKITE_PARALLEL_JOB": "3", "BUILDKITE_PARALLEL_JOB_COUNT": "4"}, "auto", "4/4"),
        ({"JOB_COMPLETION_INDEX": "1"}, "auto/3", "2/3"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, "auto/4", "3/4"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, "1/2", "1/2"),
    ],
)
def test_a_shard_is_named_or_taken_from_the_environment(
    variables: dict[str, str], text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert shard(text) == expected


@pytest.mark.parametrize(
    ("variables", "text", "problem"),
    [
        ({}, "auto", "auto needs one of the variables CI_NODE_INDEX"),
        ({"JOB_COMPLETION_INDEX": "1"}, "auto", "auto/N"),
        ({"JOB_COMPLETION_INDEX": "3"}, "auto/3", "there is no shard 4 of 3"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, "auto/5", "CI_NODE_TOTAL is 4"),
        ({"CI_NODE_INDEX": "x", "CI_NODE_TOTAL": "4"}, "auto", "no whole number"),
        ({}, "4/3", "there is no shard 4 of 3"),
        ({}, "half", "no shard"),
    ],
)
def test_what_names_no_shard_is_refused_in_one_line(
    variables: dict[str, str], text: str, problem: str, monkeypatch: pytest.MonkeyPatch, command: Command, tmp_path: Path
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(argparse.ArgumentTypeError, match=problem):
        shard(text)
    refused = command("run", "--shard", text, "--out", tmp_path / "out")
    assert (refused.exit, refused.stderr.count("\n")) == (2, 1)


def test_the_setting_of_the_environment_counts(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULTRAVOX_CONFORMANCE_SHARD", "2/3")
    planned = command("run", "--dry-run", "--out", tmp_path / "out")
    assert (planned.exit, "shard 2/3" in planned.stdout) == (0, True)
