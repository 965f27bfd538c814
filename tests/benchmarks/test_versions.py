"""Versions of a description are sampled from a repository, and each failure against the next one must be explained."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import versions
from benchmarks.foreign import VERSIONS
from benchmarks.versions import Neighbours, main, part, sampled


def committed(repository: Path, path: str, contents: list[str]) -> None:
    """Commit each content of a file, a day apart."""
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    for day, content in enumerate(contents, 1):
        (repository / path).write_text(content)
        subprocess.run([*git, "add", path], check=True)
        date = {"GIT_COMMITTER_DATE": f"2026-01-{day:02}T12:00:00Z", "GIT_AUTHOR_DATE": f"2026-01-{day:02}T12:00:00Z"}
        subprocess.run([*git, "commit", "-q", "-m", content], check=True, env=date)


def test_a_sample_holds_the_first_and_the_last_version(tmp_path: Path) -> None:
    repository, folder = tmp_path / "repository", tmp_path / "sample"
    repository.mkdir()
    committed(repository, "api.yaml", [f"version {number}" for number in range(1, 6)])
    sampled(repository, "api.yaml", 3, folder)
    found = {each.name: each.read_text() for each in folder.iterdir()}
    assert found == {
        "001-2026-01-01.yaml": "version 1",
        "003-2026-01-03.yaml": "version 3",
        "005-2026-01-05.yaml": "version 5",
    }


def version(failed: tuple[str, ...], *own: str, differing: tuple[str, ...] = ("body.a.enum",)) -> Neighbours:
    """A version whose run against itself fails in `own`, and against the next one in `failed`."""
    summary = {"rules": 9, "passed": 8, "failed": [*own]}
    return Neighbours(name="001", own=summary, notes=2, differing=frozenset(differing), failed=failed)


@pytest.mark.parametrize(
    ("found", "is_right", "row"),
    [
        (version(("body.a.enum",)), True, "| 001 | 9 | 8 | 0 | 2 | 1 | 1 | 0 |"),
        (version(("body.a.enum", "body.b.type")), False, "| 001 | 9 | 8 | 0 | 2 | 1 | 2 | body.b.type |"),
        (version((), "body.c.type"), False, "| 001 | 9 | 8 | body.c.type | 2 | 1 | 0 | 0 |"),
    ],
)
def test_a_failure_is_explained_or_not(found: Neighbours, is_right: bool, row: str) -> None:
    assert found.is_right is is_right
    assert part([found]).endswith(f"{row}\n")


def test_the_table_takes_the_second_part_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"first\n{VERSIONS}old\n")
    monkeypatch.setattr(versions, "PAGE", page)
    monkeypatch.setattr(versions, "compared", lambda *_: iter([version(())]))
    (tmp_path / "versions").mkdir()
    assert main([str(tmp_path / "versions")]) == 2
    (tmp_path / "versions" / "001.yaml").touch()
    assert main([str(tmp_path / "versions")]) == 0
    assert page.read_text() == f"first\n{VERSIONS}{part([version(())])}"
