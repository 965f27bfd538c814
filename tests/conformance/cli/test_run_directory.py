"""The directory of a run: one run at a time writes there, and it never holds the reports of two."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from conformance.cli import carrying_out
from conformance.cli.command_error import CommandError
from conformance.cli.run_directory import reserved, writable
from reports.artifacts import FILES
from tests.conformance.conftest import Command
from tests.conformance.sessions import ORDERS

FEW = ("--openapi", str(ORDERS), "--no-overlay", "--quiet", "--select", "protocol.*")
pytestmark = pytest.mark.usefixtures("in_process")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no locks on directories")
def test_a_second_run_leaves_the_directory_of_the_first_alone(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with reserved(out) as record:
        record.write_bytes(b"of the first")
        ran = command("run", "--out", out, *FEW)
        assert (ran.exit, record.read_bytes()) == (2, b"of the first")
        assert "another run writes there" in ran.stderr
    assert command("run", "--out", out, *FEW).exit == 0


def test_what_cannot_begin_leaves_an_earlier_run_whole(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert command("run", "--out", out, *FEW).exit == 0
    before = {each.name: each.read_bytes() for each in out.iterdir()}

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(carrying_out, "Session", interrupted)
    assert command("run", "--out", out, *FEW).exit == 3
    assert {each.name: each.read_bytes() for each in out.iterdir()} == before


def test_reports_of_an_earlier_run_do_not_outlive_its_record(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert command("run", "--out", out, *FEW).exit == 0
    assert {each.name for each in out.iterdir()} == {"run.jsonl", *FILES}

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(carrying_out, "carry_out_beside", interrupted)
    assert command("run", "--out", out, *FEW).exit == 3
    assert {each.name for each in out.iterdir()} == {"run.jsonl"}


def test_a_directory_in_place_of_a_report_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(CommandError, match=r"report\.html: it is a directory"), reserved(tmp_path):
        pass


def test_a_disk_that_is_nearly_full_is_reported_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=2**20))
    with pytest.raises(CommandError, match="only 1 MB are free"):
        writable(tmp_path)
