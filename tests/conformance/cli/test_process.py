"""The process of a command: the search for garbage, signals, closed streams."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import jsonschema_rs
import pytest
from hypothesis import register_random

from conformance.cli.commands import rules
from conformance.cli.main import main
from conformance.cli.process import finish_undisturbed, interruptible
from conformance.run import long_lived


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.freeze()  # as it was: what was collected is spared


def test_what_there_is_when_a_run_begins_is_spared_until_it_ends() -> None:
    gc.unfreeze()
    with long_lived():
        before = gc.get_freeze_count()
        assert before > 10_000
        made = [[each] for each in range(5_000)]
        gc.collect(1)
        assert gc.get_freeze_count() == before
        gc.collect()
        gc.collect(0)
        assert gc.get_freeze_count() >= before + len(made)
    assert gc.get_freeze_count() == 0


def test_hypothesis_sees_who_keeps_a_source_of_random_numbers() -> None:
    gc.unfreeze()
    with long_lived():
        kept = {"random": Random()}
        register_random(kept["random"])  # searches for garbage, and warns if nobody seems to keep it
    assert kept


def test_a_command_searches_seldom(capsys: pytest.CaptureFixture[str]) -> None:
    gc.set_threshold(700, 10, 10)
    assert main(["rules", "--select", "status.created"]) == 0
    assert "status.created" in capsys.readouterr().out
    assert gc.get_threshold() == (10_000, 10, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_ending_signal_interrupts_although_it_was_inherited_as_ignored(number: signal.Signals) -> None:
    """A shell ignores SIGINT for `command &`, and `nohup` ignores SIGHUP."""
    before = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with pytest.raises(KeyboardInterrupt), interruptible():
            signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Interrupted:
    """A keyword that is hit by an interruption while the validator calls it."""

    def __init__(self, _parent: object, number: int, _path: object) -> None:
        self.number = number

    def validate(self, _instance: object) -> None:
        """Raise what the handler of the signal raises."""
        signal.raise_signal(signal.Signals(self.number))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_that_a_validator_takes_for_an_invalid_value_is_not_lost(number: signal.Signals) -> None:
    validator = jsonschema_rs.Draft202012Validator({"x-hit": int(number)}, keywords={"x-hit": Interrupted})
    before = signal.getsignal(signal.SIGINT)

    def go_on() -> None:
        with interruptible():
            assert not validator.is_valid(1)
            time.sleep(20)

    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_that_comes_up_as_an_error_is_one_all_the_same() -> None:
    validator = jsonschema_rs.Draft202012Validator({"x-hit": int(signal.SIGINT)}, keywords={"x-hit": Interrupted})
    with pytest.raises(KeyboardInterrupt), interruptible():
        validator.validate(1)


def test_an_error_of_the_suite_is_no_failed_rule(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_options: object) -> int:
        raise LookupError("of our own")

    monkeypatch.setattr(rules, "main", broken)
    assert main(["rules"]) == 3
    shown = capsys.readouterr().err
    assert "of our own" in shown
    assert shown.endswith("the suite's own error: LookupError\n")


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors of POSIX")
@pytest.mark.parametrize("command", [["rules"], ["run", "--out", "never"]])
def test_a_closed_output_is_reported_before_anything_is_done(command: list[str], tmp_path: Path) -> None:
    shell = ["sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "conformance", *command]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    ended = subprocess.run(shell, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, list(tmp_path.iterdir())) == (2, [])
    assert ended.stderr == "python -m conformance: the standard output is closed; send it to a file, or to /dev/null\n"


def test_a_run_in_another_thread_leaves_signals_as_they_are() -> None:
    before = signal.getsignal(signal.SIGINT)

    def run() -> bool:
        with interruptible():
            finish_undisturbed()
            return signal.getsignal(signal.SIGINT) is before

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(run).result()
    assert signal.getsignal(signal.SIGINT) is before
