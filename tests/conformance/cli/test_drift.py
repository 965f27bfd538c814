"""Nights in a row against a served description that changes: what moved, the description or the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance.conftest import Command, Ran
from tests.conformance.servers import KEY
from tests.conformance.worlds import PASSWORD, SIGNATURE, World, things, world_of

Night = Callable[..., Ran]


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(things()) as served:
        yield served


@pytest.fixture
def night(command: Command, tmp_path: Path, world: World) -> Night:
    """Carry out a night: one more entry of the history."""

    def carry_out(*more: str | Path) -> Ran:
        out = tmp_path / "out"
        return command(
            *("run", "--openapi", world.location, "--target", world.url, "--out", out, "--history", tmp_path / "history"),
            *("--select", "body.size.maximum", "--select", "body.name.maxLength", "--quiet", *more),
        )

    return carry_out


def shown(ran: Ran) -> list[str]:
    """Return the terminal, the summary in Markdown and the page, each of which begins with what moved."""
    page = (ran.out / "report.html").read_text()
    head = page.partition('<section id="rules"')[0]
    return [ran.stdout, (ran.out / "summary.md").read_text().replace("\\", ""), head]


def test_the_first_night_and_a_calm_one_say_nothing(night: Night) -> None:
    for ran in (night(), night("--seed", "2")):
        assert ran.exit == 0
        assert ran.summary["drift"] is None
        assert not any(" moved since" in text for text in shown(ran))


def test_the_description_moves_and_the_server_does_not(night: Night, world: World) -> None:
    night()
    world.document = things(20)
    ran = night()
    assert ran.exit == 1
    drift = ran.summary["drift"]
    assert drift["moved"] == "description"
    assert drift["versions"] == ["10", "20"]
    assert [each["subject"] for each in drift["changes"]] == ["body.size.maximum", "response.size.maximum"]
    assert drift["by_description"] == {"body.size.maximum": ["PASS", "FAIL"]}
    assert not drift["by_server"]
    for text in shown(ran):
        assert "The description moved since" in text
        assert "version 10 then and 20 now" in text
        assert "1 rule broke since the description moved: body.size.maximum." in text
        assert "The server moved" not in text
    assert "body.size.maximum" in shown(ran)[1].partition("What moved")[2]
    assert "What is described otherwise" in shown(ran)[2]


def test_the_server_moves_and_the_description_does_not(night: Night, world: World) -> None:
    night()
    world.behaviour = things(20)
    ran = night("--seed", "7")
    assert ran.exit == 1
    drift = ran.summary["drift"]
    assert (drift["moved"], drift["changes"], drift["by_description"]) == (None, [], {})
    assert drift["by_server"] == {"body.size.maximum": ["PASS", "FAIL"]}
    for text in shown(ran):
        assert "The server moved since" in text
        assert "or the other seed of tonight shows it" in text
        assert "1 rule broke, and its rule is the same: body.size.maximum." in text
        assert "The description moved" not in text


def test_both_move_at_once(night: Night, world: World) -> None:
    world.document = world.behaviour = things(10, name={"type": "string", "maxLength": 4})
    night()
    world.document = things(20, name={"type": "string", "maxLength": 4})
    world.behaviour = things(10, name={"type": "string", "maxLength": 8})
    drift = night().summary["drift"]
    assert drift["by_description"] == {"body.size.maximum": ["PASS", "FAIL"]}
    assert drift["by_server"] == {"body.name.maxLength": ["PASS", "FAIL"]}


def test_a_repaired_server_has_moved(night: Night, world: World) -> None:
    world.behaviour = things(20)
    night()
    world.behaviour = world.document
    ran = night()
    assert ran.exit == 0
    assert ran.summary["drift"]["by_server"] == {"body.size.maximum": ["FAIL", "PASS"]}
    assert "1 rule was repaired, and its rule is the same" in ran.stdout


def test_a_description_that_moves_without_a_rule(night: Night, world: World) -> None:
    night()
    world.document = things(title="Better things")
    ran = night()
    assert ran.exit == 0
    assert ran.summary["drift"]["changes"] == []
    assert all("No rule differs." in text for text in shown(ran))


def test_documents_are_kept_once_and_without_credentials(night: Night, world: World, tmp_path: Path) -> None:
    for document in (things(), things(), things(20), things()):
        world.document = document
        night()
    history = tmp_path / "history"
    kept = sorted(path.name.partition(".")[2] for path in (history / "descriptions").iterdir())
    assert kept == ["json", "json", "rules.json", "rules.json"]
    files = [path for folder in (history, tmp_path / "out") for path in folder.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_text(encoding="utf-8", errors="replace")
        assert not [secret for secret in (PASSWORD, SIGNATURE, KEY) if secret in content], path


def test_kept_documents_can_be_compared(night: Night, world: World, command: Command) -> None:
    night()
    world.document = things(20)
    documents = night().summary["drift"]["documents"]
    compared = command("diff", *documents)
    assert compared.exit == 0
    assert "widened   body.size.maximum" in compared.stdout


def test_rules_that_were_not_kept_are_no_reason_to_blame_anybody(night: Night, world: World, tmp_path: Path) -> None:
    night()
    for rules in (tmp_path / "history" / "descriptions").glob("*.rules.json"):
        rules.write_text("{")
    world.document = things(20)
    ran = night()
    drift = ran.summary["drift"]
    assert (drift["changes"], drift["by_description"], drift["by_server"]) == (None, {}, {})
    assert "nobody can say what differs" in ran.stdout


def test_a_night_without_a_verdict_is_passed_over(night: Night, world: World) -> None:
    night()
    server = world.behaviour
    world.behaviour = {**server, "paths": {"/elsewhere": server["paths"]["/api/calls"]}}
    assert night().exit == 3
    world.behaviour = things(20)
    assert night().summary["drift"]["by_server"] == {"body.size.maximum": ["PASS", "FAIL"]}


@pytest.mark.parametrize("place", ["descriptions", "."])
def test_a_history_that_cannot_be_kept(night: Night, tmp_path: Path, place: str) -> None:
    history = tmp_path / "history"
    path = history if place == "." else history / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    ran = night()
    assert ran.exit == 2
    assert ran.stderr.count("\n") == 1
    assert "--history" in ran.stderr
