"""A harness as a process: its environment holds neither proxies nor keys."""

from __future__ import annotations

import sys

import pytest

from conformance.sdk.process import Harness, NoHarness, clean_environment
from conformance.sdk.protocol import Crashed, Hello
from tests.conformance.sdk.conftest import KEY, MINIATURE


def test_a_harness_gets_neither_proxies_nor_keys() -> None:
    given = {
        "PATH": "/bin",
        "https_proxy": "http://proxy.invalid",
        "ALL_PROXY": "x",
        "ULTRAVOX_API_KEY": "secret",
        "KEYBOARD": "de",
    }
    assert clean_environment(given) == {"PATH": "/bin", "KEYBOARD": "de"}


def test_a_command_that_does_not_exist_is_named() -> None:
    with pytest.raises(NoHarness, match="no-such-harness: No such file"):
        Harness(["no-such-harness"], 1, {})


def test_a_harness_that_ended_gives_a_crash_each_time() -> None:
    harness = Harness([sys.executable, str(MINIATURE), "exits"], 20, clean_environment())
    try:
        assert harness.start("http://127.0.0.1:9", "/x", KEY) == Hello("miniature", "1")
        for _ in range(2):
            outcome = harness.create("c1", {}, {})
            assert isinstance(outcome, Crashed)
            assert "status 7" in outcome.reason
    finally:
        harness.close()
