"""`cleanup` reaches a target as the run did: with its headers, its key, its certificates, and nobody else's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from ultravox_conformance.emulator import running_emulator

from conformance.cli.targets import wait_for
from conformance.http.journal import NAME, FileJournal, Head
from conformance.http.target import Target
from conformance.http.tls import verification
from tests.conformance.conftest import Command
from tests.conformance.servers import KEY, Received, Reply, catalogue, conforming, serving

ROOT = Path(__file__).parents[3]


@dataclass
class Left:
    """A journal of one object in a directory, and the requests that its server has received since."""

    directory: Path
    url: str
    received: list[Received]

    def settings(self, name: str, text: str, url: str = "") -> Path:
        """Write settings of a target that is at the server, or elsewhere."""
        path = self.directory / "settings.toml"
        path.write_text(f'default-target = "{name}"\n[targets.{name}]\nurl = "{url or self.url}"\n{text}\n')
        return path


def journal(directory: Path, url: str, identity: str) -> None:
    with FileJournal(directory / NAME, Head.of(catalogue().contract, url)) as written:
        written.created(identity)


@pytest.fixture
def left(tmp_path: Path) -> Iterator[Left]:
    received: list[Received] = []
    usual = conforming()

    def response(each: Received) -> Reply | None:
        if each.method == "DELETE":
            received.append(each)
        return usual(each)

    with serving(response) as url:
        journal(tmp_path, url, "3c90c3cc-0d44-4b50-8888-8dd257360500")
        yield Left(tmp_path, url, received)


OWN = f'key = {{ command = ["echo", "{KEY}"] }}\nheaders = {{ X-Env = "staging" }}'


def test_the_settings_of_the_target_hold_for_its_cleanup(command: Command, left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ULTRAVOX_API_KEY", raising=False)
    assert command("cleanup", left.directory, "--config", left.settings("near", OWN), "--header", "X-Own=1").exit == 0
    [request] = left.received
    assert (request.headers["x-env"], request.headers["x-own"], request.headers["x-api-key"]) == ("staging", "1", KEY)


def test_the_default_target_is_not_asked_for_the_objects_of_another(
    command: Command, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = left.settings("far", OWN, "http://127.0.0.1:9")
    monkeypatch.delenv("ULTRAVOX_API_KEY", raising=False)
    assert command("cleanup", left.directory, "--config", elsewhere).exit == 2  # its key is none of this server's
    assert left.received == []
    monkeypatch.setenv("ULTRAVOX_API_KEY", KEY)
    assert command("cleanup", left.directory, "--config", elsewhere).exit == 0
    assert ["x-env" in each.headers for each in left.received] == [False]


def test_a_target_that_is_named_is_cleaned_up_instead(command: Command, left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULTRAVOX_API_KEY", KEY)
    with serving(conforming()) as other:
        settings = left.settings("far", OWN, other)
        assert command("cleanup", left.directory, "--config", settings, "--target", "far").exit == 0
    assert left.received == []


@pytest.mark.slow
def test_authorities_of_a_target_are_trusted_wherever_it_is_reached(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tool")]))
    with running_emulator(tls=tmp_path) as emulator:
        target = Target(url=emulator.url, key=emulator.key, ca_file=emulator.authority)
        wait_for(target, 5)
        headers = {"X-API-Key": emulator.key}
        with httpx.Client(verify=verification(target), headers=headers, trust_env=False) as client:
            identity = client.post(f"{emulator.url}/api/calls", json={}).json()["callId"]
            journal(tmp_path, emulator.url, identity)
            known = Left(tmp_path, emulator.url, [])
            monkeypatch.setenv("ULTRAVOX_API_KEY", emulator.key)
            settings = known.settings("near", 'ca-file = "ca.pem"')
            assert command("doctor", "--config", settings, "--target", "near").exit == 0
            assert command("cleanup", tmp_path, "--config", settings).exit == 0
            assert client.get(f"{emulator.url}/api/calls/{identity}").status_code == 404
