"""The script for cron: what it prints is mailed, so that silence means nothing new."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.nightly.conftest import ARGUMENTS, ROOT, RULE, Server

SCRIPT = ROOT / "examples" / "nightly" / "cron.sh"


def night(folder: Path, environment: Mapping[str, str], target: str) -> tuple[int, str]:
    """Carry out the script; return its exit status and what cron would mail."""
    ran = subprocess.run(
        [SCRIPT, target, *ARGUMENTS.split()],
        env={**environment, "CONFORMANCE_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.slow
def test_a_failing_night_and_its_repair_are_mailed(server: Server, environment: Mapping[str, str], tmp_path: Path) -> None:
    server.fail()
    status, mail = night(tmp_path, environment, server.url)
    assert (status, mail.startswith("# 1 of 1 judged rule fails in POST /orders\n")) == (1, True), mail
    assert RULE in mail
    server.conform()
    status, mail = night(tmp_path, environment, server.url)
    assert (status, mail.count("\n")) == (0, 1), mail
    assert mail.startswith("Repaired: no rule fails. ")
    assert Path(mail.split()[-1]).is_file()
    assert len(list((tmp_path / "nights" / "history").glob("*.json"))) == 2
    changes = next((tmp_path / "nights").glob("20*/changes.txt"))
    assert "1 was repaired" in changes.read_text()


def test_two_nights_do_not_meet(environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "nights").mkdir()
    with (tmp_path / "nights" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert night(tmp_path, environment, "http://127.0.0.1:9") == (3, "the last night is still under way\n")
