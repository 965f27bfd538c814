"""Printed commands use the name by which the suite was called."""

from __future__ import annotations

import pytest

from reports.program import program, pytest_command


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("/home/a/conformance/__main__.py", "python -m conformance"),
        ("/usr/local/bin/ultravox-conformance", "ultravox-conformance"),
        ("C:/bin/ultravox-conformance.exe", "ultravox-conformance"),
    ],
)
def test_the_name_is_the_one_that_was_typed(monkeypatch: pytest.MonkeyPatch, called: str, expected: str) -> None:
    monkeypatch.setattr("sys.argv", [called])
    assert program() == expected


def test_the_pytest_command_is_that_of_the_plugin_which_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["ultravox-conformance"])
    assert pytest_command("body.a.*", "http://a") == "pytest --conformance-target http://a --conformance-select 'body.a.*'"
    monkeypatch.setattr("sys.argv", ["conformance/__main__.py"])
    assert pytest_command("body.a.*", "http://a").startswith("python -m pytest 'conformance/plugin/test_rules.py::")
