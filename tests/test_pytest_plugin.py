"""The pytest plugin and the emulator in a process of its own, as somebody else's tests use them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from ultravox_conformance.emulator import EmulatorError, running_emulator

ROOT = Path(__file__).parents[1]
TESTS = """
import json, os, urllib.request, urllib.error
import pytest

def create(emulator, body):
    headers = {"X-API-Key": emulator.key, "content-type": "application/json"}
    request = urllib.request.Request(emulator.url + "/api/calls", json.dumps(body).encode(), headers)
    try:
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code

@pytest.mark.parametrize("number", range(6))
def test_each_starts_anew(ultravox_emulator, number):
    assert ultravox_emulator.requests == []
    ultravox_emulator.respond(429, retry_after=1)
    assert [create(ultravox_emulator, {}) for _ in range(2)] == [429, 201]
    assert [each.status for each in ultravox_emulator.requests] == [429, 201]
    with open(os.environ["URLS"], "a") as file:
        print(ultravox_emulator.url, file=file)

def test_unknown_members(ultravox_emulator):
    assert create(ultravox_emulator, {"nothing": 1}) == 400
    [request] = ultravox_emulator.requests
    assert request.violations[0].path == "nothing"

def test_the_users_modules_are_not_shadowed(ultravox_emulator):
    with pytest.raises(ImportError):
        import reports
"""
STARTER = """
import time
from ultravox_conformance.emulator import running_emulator

with running_emulator() as emulator:
    print(emulator.url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def tool_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tool"))
    monkeypatch.setenv("ULTRAVOX_API_KEY", "a.real-key-that-must-not-be-used-here")


@pytest.mark.slow
@pytest.mark.usefixtures("tool_on_path")
@pytest.mark.parametrize(("workers", "servers"), [("0", 1), ("2", 2)])
def test_the_fixture_with_one_server_per_worker(tmp_path: Path, workers: str, servers: int) -> None:
    (tmp_path / "test_client.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nultravox_emulator_options = --parsing strict --strict-keys\n", encoding="utf-8"
    )
    plugins = ["-p", "ultravox_conformance.pytest_plugin", "-p", "xdist.plugin"]
    command = [sys.executable, "-m", "pytest", *plugins, "-q", "-n", workers]
    # The plugins of other packages take longer to import than the emulator takes.
    environment = {**os.environ, "URLS": str(tmp_path / "urls"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "8 passed" in ended.stdout
    urls = set((tmp_path / "urls").read_text(encoding="utf-8").split())
    assert len(urls) == servers
    for url in urls:  # no server outlives the session
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(url + "/__health", timeout=5)


@pytest.mark.slow
@pytest.mark.usefixtures("tool_on_path")
def test_an_emulator_that_does_not_start_says_why() -> None:
    with pytest.raises(EmulatorError, match="there is no such variant"), running_emulator(["--variant", "nothing"]):
        pass


@pytest.mark.usefixtures("tool_on_path")
def test_https_and_invalid_scripts(tmp_path: Path) -> None:
    with running_emulator(tls=tmp_path) as emulator:
        assert emulator.url.startswith("https://")
        assert emulator.authority == tmp_path / "ca.pem"
        assert emulator.requests == []
        with pytest.raises(EmulatorError, match="status: expected"):
            emulator.respond(7)
        emulator.respond(fixture=emulator.fixtures[0])
        emulator.reset()


@pytest.mark.usefixtures("tool_on_path")
def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert json.load(urllib.request.urlopen(url + "/__health", timeout=5)) == {"status": "ok"}
        process.send_signal(signal.SIGKILL)
    for _ in range(100):
        try:
            urllib.request.urlopen(url + "/__health", timeout=5).close()
        except urllib.error.URLError:
            return
        time.sleep(0.1)
    pytest.fail("the emulator outlived the process that started it")
