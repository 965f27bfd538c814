"""`compare --exchanges`: one plan sent to two targets."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

from conformance.cli.main import main
from tests.conformance.conftest import Command
from tests.conformance.servers import KEY
from tests.conformance.worlds import things, world_of
from tests.openapi.synthetic import written

Records = dict[str, Path]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Return the runs of one plan against two equal targets and one that takes sizes up to 20; and one of another seed."""
    folder = tmp_path_factory.mktemp("records")
    description = written(folder, things(10))
    trials = {"production": (10, 3), "staging": (10, 3), "moved": (20, 3), "seeded": (10, 4)}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ULTRAVOX_API_KEY", KEY)
        for name, (most, seed) in trials.items():
            with world_of(things(most)) as world, contextlib.redirect_stdout(io.StringIO()):
                given = ("--openapi", description, "--target", world.url, "--out", str(folder / name), "--seed", str(seed))
                main(["run", *given, "--quiet"])
    return {name: folder / name for name in trials}


def test_equal_targets(records: Records, command: Command) -> None:
    ran = command("compare", "--exchanges", records["production"], records["staging"])
    assert ran.exit == 0
    exchanges = [json.loads(line) for line in (records["production"] / "run.jsonl").read_bytes().splitlines()]
    number = sum(each["type"] == "exchange" for each in exchanges)
    assert ran.stdout.splitlines()[-1] == f"All {number} exchanges that both runs sent have the same response."


def test_a_target_that_takes_more(records: Records, command: Command, tmp_path: Path) -> None:
    page, summary = tmp_path / "targets.html", tmp_path / "targets.md"
    ran = command("compare", "--exchanges", records["production"], records["moved"], "--html", page, "--markdown", summary)
    assert ran.exit == 1
    assert ran.stdout.startswith("body.size.maximum  (")
    assert '"size": 11' in ran.stdout
    # The message of a refusal names the bound, so it is another one as well. A body that is wrong everywhere names no rule.
    assert "for 3 causes." in ran.stdout.splitlines()[-1]
    assert "response: detail" in ran.stdout
    for text in (page.read_text(), summary.read_text()):
        assert ran.stdout.splitlines()[-1] in text
        assert "body.size.maximum" in text
    assert page.read_text().count("curl -sS") == 6
    assert "| `body.size.maximum` |" in summary.read_text()


def test_the_way_back_shows_the_same(records: Records, command: Command) -> None:
    ran = command("compare", "--exchanges", records["moved"], records["production"])
    assert ran.exit == 1
    assert "first:  201" in ran.stdout
    assert "second: 400" in ran.stdout


def test_another_plan_is_refused(records: Records, command: Command) -> None:
    ran = command("compare", "--exchanges", records["production"], records["seeded"])
    assert ran.exit == 2
    assert ran.stderr.strip().endswith("the runs have another seed: 3 and 4; --exchanges compares runs of the same plan")


@pytest.mark.parametrize("content", ["", "{", '{"type": "exchange"}\n'])
def test_a_damaged_record(records: Records, command: Command, tmp_path: Path, content: str) -> None:
    (tmp_path / "run.jsonl").write_text(content)
    ran = command("compare", "--exchanges", records["production"], tmp_path)
    assert ran.exit == 2
    assert ran.stderr.count("\n") == 1
