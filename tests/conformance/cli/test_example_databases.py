"""Example databases by URL: each kind is one of Hypothesis' own, and a real Redis is shared by two runs."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase, GitHubArtifactDatabase, MultiplexedDatabase, ReadOnlyDatabase

from conformance.cli.command_error import CommandError
from conformance.cli.example_databases import database_of
from tests.conformance.conftest import Command
from tests.conformance.sessions import ORDERS
from tests.redis_server import PASSWORD, needs_redis, redis_server

RUN = ("--openapi", str(ORDERS), "--no-overlay", "--quiet", "--select", "body.size.maximum")
FAULT = ("--fault", "error-in-a-success")


def test_a_folder(tmp_path: Path) -> None:
    database = database_of([str(tmp_path / "examples")])
    assert isinstance(database, DirectoryBasedExampleDatabase)
    database.save(b"a", b"b")
    assert set(database_of([str(tmp_path / "examples")]).fetch(b"a")) == {b"b"}


def test_of_several_all_are_read_and_those_that_may_be_are_written(tmp_path: Path) -> None:
    shared, own = DirectoryBasedExampleDatabase(tmp_path / "shared"), DirectoryBasedExampleDatabase(tmp_path / "own")
    shared.save(b"a", b"theirs")
    both = database_of([f"read-only:{tmp_path / 'shared'}", str(tmp_path / "own")])
    assert isinstance(both, MultiplexedDatabase)
    both.save(b"a", b"mine")
    assert (set(both.fetch(b"a")), set(shared.fetch(b"a")), set(own.fetch(b"a"))) == (
        {b"theirs", b"mine"},
        {b"theirs"},
        {b"mine"},
    )


def test_an_artifact_of_github_is_read_from_its_cache(tmp_path: Path) -> None:
    """Nothing is fetched: the artifact was downloaded a moment ago."""
    DirectoryBasedExampleDatabase(tmp_path / "db").save(b"a", b"b")
    home = tmp_path / "home"
    cache = home / "github-artifacts" / "nightly"
    cache.mkdir(parents=True)
    now = datetime.datetime.now(datetime.UTC).isoformat().replace(":", "_")
    with zipfile.ZipFile(cache / f"{now}.zip", "w") as archive:
        for file in (tmp_path / "db").rglob("*"):
            archive.write(file, file.relative_to(tmp_path / "db"))
    set_hypothesis_home_dir(home)
    try:
        database = database_of(["github://octo/repo/nightly"])
        assert isinstance(database, ReadOnlyDatabase)
        assert set(database.fetch(b"a")) == {b"b"}
        database.save(b"a", b"c")
        assert set(database.fetch(b"a")) == {b"b"}
    finally:
        set_hypothesis_home_dir(None)
    named = database_of(["github://octo/repo"])
    assert isinstance(named, ReadOnlyDatabase)
    assert named._wrapped == GitHubArtifactDatabase("octo", "repo")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://host/x", "give a folder, or a URL of redis"),
        ("github://octo", "give github://OWNER/REPOSITORY"),
        ("redis://:secret@127.0.0.1:1/0", "--examples redis://127.0.0.1:1/0"),
    ],
)
def test_what_is_none_is_named_without_its_password(url: str, problem: str) -> None:
    with pytest.raises(CommandError, match=problem) as raised:
        database_of([url])
    assert "secret" not in str(raised.value)


@needs_redis
def test_two_runs_share_a_redis(command: Command, tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as (url, _):
        first = command("run", *RUN, *FAULT, "--out", tmp_path / "out", "--examples", url)
        assert first.exit == 1
        second = command("run", *RUN, *FAULT, "--out", tmp_path / "out", "--examples", url)
        labels = [each["label"] for each in second.record if each["type"] == "exchange"]
        assert (second.exit, labels.index("failed before 1") < labels.index("one more than 50")) == (1, True)
        assert PASSWORD not in (tmp_path / "out" / "run.jsonl").read_text(encoding="utf-8")
        repaired = command("run", *RUN, "--out", tmp_path / "out", "--examples", url)
        assert (repaired.exit, "failed before 1" in (tmp_path / "out" / "run.jsonl").read_text(encoding="utf-8")) == (0, True)
        third = command("run", *RUN, "--out", tmp_path / "out", "--examples", url)
        assert (third.exit, "failed before" in (tmp_path / "out" / "run.jsonl").read_text(encoding="utf-8")) == (0, False)
