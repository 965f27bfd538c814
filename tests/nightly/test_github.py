"""The action on four nights: the server conforms, fails, fails again, and is repaired."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.nightly.conftest import ARGUMENTS, ROOT, RULE, Server, installed
from tests.nightly.steps import Job

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nights(server: Server, environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """The jobs of the four nights, each in a folder of its own; `issues` lies beside the last folder."""
    root = tmp_path_factory.mktemp("github")
    path = root / "bin"
    path.mkdir()
    installed(path / "gh", f'exec {sys.executable} {Path(__file__).with_name("gh_stub.py")} "$@"')
    installed(path / "python", f'echo "python $@" >> {root / "installed"}')
    jobs = []
    for number, fails in enumerate([False, True, True, False], 1):
        (server.fail if fails else server.conform)()
        folder = root / str(number)
        folder.mkdir()
        job = Job(
            folder,
            root / "cache",
            {
                "inputs.target": server.url,
                "inputs.profile": "smoke",
                "inputs.arguments": ARGUMENTS,
                "github.token": "a-token",
                "github.repository": "o/r",
                "github.server_url": "https://github.example.com",
                "github.run_id": str(100 + number),
                "github.run_attempt": "1",
            },
            {
                **environment,
                "PATH": f"{path}:{environment['PATH']}",
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_RUN_NUMBER": str(number),
                "GH_STATE": str(root / f"issues-{number}"),
            },
        )
        if number > 1:
            (root / f"issues-{number}").write_text((root / f"issues-{number - 1}").read_text())
        job.carry_out(ACTION)
        jobs.append(job)
    return jobs


def issues(job: Job) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(job.environment["GH_STATE"]).read_text())
    return found


def report(job: Job) -> str:
    return (job.folder / "out" / "report.html").read_text()


def test_a_night_ends_as_its_run_ended(nights: list[Job]) -> None:
    assert [job.failed for job in nights] == [False, True, True, False], [job.log for job in nights]


def test_red_nights_stay_in_the_history(nights: list[Job]) -> None:
    assert [len(list((job.folder / "nights" / "history").glob("*.json"))) for job in nights] == [1, 2, 3, 4]
    outcomes = [json.loads(path.read_text())["summary"]["outcome"] for path in sorted(nights[-1].cache.glob("history/*.json"))]
    assert outcomes == ["conforms", "fails", "fails", "conforms"]
    assert all({"report.html", "run.jsonl", "junit.xml"} <= set(job.uploaded) for job in nights)


def test_the_page_of_the_job_shows_what_changed(nights: list[Job]) -> None:
    first, second, third, fourth = (job.summary.replace("\\", "") for job in nights)
    assert "Broke" not in first
    assert "## ❌ 1 rule broke." in second
    assert "## ✅ No rule broke." in third
    assert "Still failing (1)" in third
    assert "## ✅ No rule broke, 1 was repaired." in fourth
    assert "**Since last night:** 1 rule fails for up to 2 nights" in third


def test_failures_are_annotations(nights: list[Job]) -> None:
    assert [f"::error title={RULE}::" in job.log for job in nights] == [False, True, True, False]


def test_the_issue_is_opened_updated_and_closed(nights: list[Job]) -> None:
    before, opened, updated, closed = map(issues, nights)
    assert before == []
    assert [(each["open"], each["label"]) for each in opened] == [(True, "conformance")]
    assert opened[0]["title"] == "1 of 1 judged rule fails in POST /orders"
    assert RULE in opened[0]["body"]
    assert "| 1 |" in opened[0]["body"]
    assert "/o/r/actions/runs/102" in opened[0]["body"]
    assert [each["open"] for each in updated] == [True]
    assert "| 2 |" in updated[0]["body"]
    assert "/o/r/actions/runs/103" in updated[0]["body"]
    assert [each["open"] for each in closed] == [False]
    assert "Repaired" in closed[0]["comment"]


def test_the_top_of_the_report_has_the_news(nights: list[Job]) -> None:
    first, second, third, fourth = (report(job).partition('class="verdict-grid"')[0] for job in nights)
    assert "Since last night" not in first
    assert "New since last night" in second
    assert "Still failing" in third
    assert f"{RULE} · 2 nights" in third
    assert "Repaired" in fourth


def test_the_action_installs_itself(nights: list[Job]) -> None:
    lines = (nights[0].cache.parent / "installed").read_text().splitlines()
    assert lines == [f"python -m pip install --quiet {ROOT}"] * len(nights)
