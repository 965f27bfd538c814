"""The search for garbage during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from conformance.cli.parser import main
from conformance.cli.process import long_lived


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_what_there_is_when_a_run_begins_is_spared_until_it_ends() -> None:
    gc.unfreeze()
    with long_lived():
        assert gc.get_freeze_count() > 10_000
    assert gc.get_freeze_count() == 0


def test_a_command_searches_seldom(capsys: pytest.CaptureFixture[str]) -> None:
    gc.set_threshold(700, 10, 10)
    assert main(["rules", "--select", "status.created"]) == 0
    assert "status.created" in capsys.readouterr().out
    assert gc.get_threshold() == (100_000, 10, 10)
