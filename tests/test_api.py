"""The Python API: its examples are true, and all its names are there, each documented."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path
from types import ModuleType

import pytest
import ultravox_conformance
from ultravox_conformance import api

ROOT = Path(__file__).parents[1]
# Whatever module of ours an error stands in, its name is enough.
FLAGS = doctest.IGNORE_EXCEPTION_DETAIL


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tool"))


def test_the_examples_of_run_and_report() -> None:
    """In one folder: the report is drawn of what the run has left there."""
    for documented in (ultravox_conformance.run, ultravox_conformance.report):
        [own] = doctest.DocTestFinder(recurse=False).find(documented, globs={})
        assert doctest.DocTestRunner(optionflags=FLAGS).run(own) == (0, len(own.examples))
        assert len(own.examples) > 2


@pytest.mark.parametrize("module", [ultravox_conformance, api])
def test_the_examples_of_a_module(module: ModuleType) -> None:
    [own] = doctest.DocTestFinder(recurse=False).find(module, globs={})
    assert doctest.DocTestRunner(optionflags=FLAGS).run(own) == (0, len(own.examples))
    assert len(own.examples) > 2


@pytest.mark.parametrize(("page", "least"), [("python-api.md", 20), ("checks.md", 8)])
def test_the_examples_of_a_page(page: str, least: int) -> None:
    found = doctest.testfile(str(ROOT / "docs" / page), module_relative=False, optionflags=FLAGS)
    assert (found.failed, found.attempted > least) == (0, True)


def test_the_data_of_the_page_on_checks_can_be_loaded() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    Path("more.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert [each.rule.id for each in ultravox_conformance.load_checks("more.yaml")] == [
        "acme.voice-is-shown",
        "acme.refusals-are-json",
    ]


def test_every_name_is_there_and_documented() -> None:
    assert [name for name in ultravox_conformance.__all__ if not inspect.getdoc(getattr(ultravox_conformance, name))] == []


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'reports'"):
        _ = ultravox_conformance.reports


def test_an_option_that_there_is_not() -> None:
    with pytest.raises(ultravox_conformance.CommandError, match="there is no option --speed"):
        ultravox_conformance.run(speed=3)


def test_an_option_of_another_type() -> None:
    with pytest.raises(ultravox_conformance.CommandError, match="--max-requests"):
        ultravox_conformance.run(max_requests="many")


def test_a_server_elsewhere_needs_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULTRAVOX_API_KEY", "a-key-of-nobody-that-opens-nothing")
    with pytest.raises(ultravox_conformance.CommandError, match="give --live"):
        ultravox_conformance.run("https://192.0.2.1")
