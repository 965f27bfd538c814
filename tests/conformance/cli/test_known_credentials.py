"""A known value of the settings that stands below the name of a credential is a secret of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.http.redaction import credentials_below
from openapi.json_types import Json
from tests.conformance.conftest import Command, whole
from tests.conformance.servers import Received, Reply, conforming, serving

CREDENTIAL, VOICE = "Zq-known-credential-5b1f", "Zq-known-voice-77aa"


@pytest.mark.slow
def test_no_file_of_a_run_shows_a_known_credential(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sent: list[bytes] = []
    response = conforming()

    def noted(each: Received) -> Reply | None:
        sent.append(each.body)
        return response(each)

    with serving(noted) as url:
        known = f'[targets.near]\nurl = "{url}"\n[targets.near.known-values]\nvoice = ["{VOICE}"]\n'
        known += f'"selectedTools.*.authTokens.*" = ["{CREDENTIAL}"]\n'
        (tmp_path / "conformance.toml").write_text(known)
        selected = ("--select", "body.selectedTools.*.authTokens.*", "--select", "body.voice.*")
        ran = command("run", "--target", "near", "--out", tmp_path / "out", *selected)
    files = [whole(path) for path in ran.out.rglob("*") if path.is_file()]
    assert any(CREDENTIAL.encode() in body for body in sent)
    assert any(VOICE.encode() in content for content in files)
    assert not any(CREDENTIAL.encode() in content for content in (*files, ran.stdout.encode(), ran.stderr.encode()))


@pytest.mark.parametrize(
    ("place", "value", "found"),
    [
        ("tools.*.authTokens.*", "s3", ["s3"]),
        ("tools.*.name", "s3", []),
        ("tools.*", {"name": "a", "api_key": "s3", "login": [{"password": "s4"}]}, ["s3", "s4"]),
        ("maxTokens", 100, []),
        ("secret", 1234567890, ["1234567890"]),
        ("password", None, []),
        ("hasToken", True, []),
    ],
)
def test_what_stands_below_the_name_of_a_credential_is_one(place: str, value: Json, found: list[str]) -> None:
    assert list(credentials_below(place.split("."), value)) == found
