"""The consumers in `examples` pass with the fixtures and the emulator, and a fixture that is not true makes them fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conformance.cli.main import main
from conformance.embedded import EMULATOR_KEY
from conformance.sdk.fixtures.formats import INDEX
from conformance.sdk.responses import response_fixtures
from emulator.app import create_app
from emulator.serving import running
from emulator.testing import recording_server
from openapi import load_contract
from openapi.catalogue import catalogue_of

ROOT = Path(__file__).parents[1]
PYTEST, VITEST = ROOT / "examples" / "pytest", ROOT / "examples" / "vitest"


def _pytest(folder: Path) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--confcutdir", str(folder), str(folder)]


COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "pytest": lambda _: _pytest(PYTEST),
    "vitest": lambda _: [str(VITEST / "node_modules" / ".bin" / "vitest"), "run", "--root", str(VITEST)],
    "generated": _pytest,  # what `--format pytest` writes
}
# Fixtures of every kind.
SELECTED_REQUESTS = (
    "status.*",
    "*firstSpeaker.enum",
    "*.medium.*.required",
    "body.externalVoice.lmnt.*.required",
    "auth.*",
    "query.*",
)
SELECTED = (*SELECTED_REQUESTS, "state.delete*", "response.created.*", "response.content-type")


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of fixtures of some rules, with the test that sends the requests."""
    out = tmp_path_factory.mktemp("fixtures")
    options = [word for glob in SELECTED for word in ("--select", glob)]
    assert main(["fixtures", "--out", str(out), "--profile", "smoke", "--format", "pytest", *options]) == 0
    return out


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    """The URL of a test server that knows the response fixtures."""
    catalogue = catalogue_of(load_contract())
    known = {case.id: case.response for case in response_fixtures(catalogue)}
    app = create_app(catalogue.contract, keys=frozenset({EMULATOR_KEY}))
    with running(recording_server(app, catalogue, fixtures=lambda: known)) as url:
        yield url


def run(consumer: str, fixtures: Path, target: str) -> subprocess.CompletedProcess[str]:
    """Run a consumer; skip where Node.js or its packages are not there."""
    command = COMMANDS[consumer](fixtures)
    if consumer == "vitest" and not (shutil.which("node") and Path(command[0]).exists()):
        pytest.skip("needs Node.js and `npm ci --prefix examples/vitest`")
    variables = {"CONFORMANCE_FIXTURES": str(fixtures), "CONFORMANCE_TARGET": target, "CONFORMANCE_KEY": EMULATOR_KEY}
    environment = {**os.environ, **variables, "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("consumer", COMMANDS)
def test_a_consumer_passes(consumer: str, fixtures: Path, target: str) -> None:
    ran = run(consumer, fixtures, target)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
    assert "passed" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize("consumer", COMMANDS)
def test_a_consumer_fails_on_a_fixture_that_is_not_true(consumer: str, fixtures: Path, target: str, tmp_path: Path) -> None:
    shutil.copytree(fixtures, tmp_path / "untrue")
    path = tmp_path / "untrue" / INDEX
    index = json.loads(path.read_text(encoding="utf-8"))
    for each in index["fixtures"]:
        if each["kind"] == "edge":
            each["expect"]["outcome"] = "error"
        if each["kind"] == "positive":
            each["expect"]["status"] = [418]
    path.write_text(json.dumps(index), encoding="utf-8")
    ran = run(consumer, tmp_path / "untrue", target)
    assert ran.returncode == 1
    assert "failed" in ran.stdout


def test_the_consumers_are_short() -> None:
    for path in (PYTEST / "test_client.py", VITEST / "fixtures.test.ts"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 60, path
