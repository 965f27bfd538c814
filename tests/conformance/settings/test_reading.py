"""Settings: the environment over the target over the file; what is unknown or wrong is reported with its place and a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
import tomli_w

from conformance.profiles import PROFILES, Profile
from conformance.settings.models import BUILT_IN, ProfileSettings, RunSettings
from conformance.settings.reading import PREFIX, SettingsError, settings_of
from conformance.settings.schema import PUBLISHED, schema

FILE = {
    "rate": 3.0,
    "timeout": 9.0,
    "default-target": "staging",
    "history": "history",
    "targets": {
        "staging": {
            "url": "https://staging.example.com",
            "rate": 5.0,
            "key": {"command": ["pass", "show", "key"]},
            "headers": {"X-Env": "staging", "X-Token": {"variable": "TOKEN"}},
            "ca-file": "ca.pem",
            "client-certificate": {"certificate": "client.pem"},
            "known-values": {"voice": ["Mark"]},
            "max-live-calls": 5,
            "live": True,
        }
    },
    "profiles": {"quick": {"extends": "smoke", "triage": 100}},
}


def written(folder: Path, data: dict[str, object], name: str = "conformance.toml") -> Path:
    path = folder / name
    path.write_text(tomli_w.dumps(data))
    return path


def test_a_target_has_its_own_settings_over_those_for_all(tmp_path: Path) -> None:
    settings = settings_of(None, written(tmp_path, FILE))
    assert (settings.target, settings.run.url) == ("staging", "https://staging.example.com")
    assert (settings.run.rate, settings.run.timeout, settings.run.max_live_calls) == (5.0, 9.0, 5)
    assert (settings.run.history, settings.run.ca_file) == (tmp_path / "history", tmp_path / "ca.pem")
    assert settings.run.select is None
    assert settings.profiles["quick"].triage == 100


def test_the_environment_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RATE": "7", "KEY__VARIABLE": "OTHER", "SELECT": '["auth.*"]', "MAX_TIME": ""}.items():
        monkeypatch.setenv(PREFIX + name, value)
    run = settings_of("staging", written(tmp_path, FILE)).run
    assert (run.rate, run.select, run.max_time) == (7.0, ["auth.*"], None)
    assert run.key is not None
    assert run.key.variable == "OTHER"


def test_a_url_is_a_target_with_the_settings_for_all(tmp_path: Path) -> None:
    settings = settings_of("http://127.0.0.1:8000", written(tmp_path, FILE))
    assert (settings.target, settings.run.url, settings.run.rate) == (None, "http://127.0.0.1:8000", 3.0)
    assert settings.run.key is None


def test_a_table_of_the_project_is_as_good_as_a_file(tmp_path: Path) -> None:
    written(tmp_path, {"tool": {"ultravox-conformance": FILE}}, "pyproject.toml")
    assert settings_of(None, folder=tmp_path).run.rate == 5.0
    written(tmp_path, {"tool": {"other": {}}}, "pyproject.toml")
    assert settings_of(None, folder=tmp_path).source is None


@pytest.mark.parametrize(
    ("data", "reported"),
    [
        ({"rte": 3}, "rte: there is no such setting; did you mean rate?"),
        ({"targets": {"a": {"concurency": 3}}}, "targets.a.concurency: there is no such setting; did you mean concurrency?"),
        ({"profiles": {"a": {"extend": "smoke"}}}, "profiles.a.extend: there is no such setting; did you mean extends?"),
        ({"key": {"variable": "A", "file": "b"}}, "key: give one of variable, file and command"),
        ({"rate": "much"}, "rate: Input should be a valid number"),
        ({"concurrency": 0}, "concurrency: Input should be greater than or equal to 1"),
    ],
)
def test_what_is_invalid_is_reported_with_its_place(tmp_path: Path, data: dict[str, object], reported: str) -> None:
    with pytest.raises(SettingsError) as problem:
        settings_of(None, written(tmp_path, data))
    assert reported in str(problem.value)
    assert "\n" not in str(problem.value)
    assert not jsonschema_rs.is_valid(schema(), data) or "give one of" in reported


@pytest.mark.parametrize(("name", "reported"), [("RAT", f"did you mean {PREFIX}RATE?"), ("RATE", "valid number")])
def test_an_invalid_variable_is_reported(name: str, reported: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, "x")
    with pytest.raises(SettingsError, match=r"^ULTRAVOX_CONFORMANCE_RAT") as problem:
        settings_of(None, folder=tmp_path)
    assert reported in str(problem.value)


def test_an_unknown_target_is_reported_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean staging"):
        settings_of("stagin", written(tmp_path, FILE))
    with pytest.raises(SettingsError, match="give an http or https URL"):
        settings_of("staging", folder=tmp_path / "none")


def test_the_published_schema_is_that_of_the_models() -> None:
    assert json.loads(PUBLISHED.read_text()) == schema(), "run python -m conformance.settings.schema"
    assert jsonschema_rs.is_valid(schema(), FILE)


def test_a_profile_of_ones_own_may_set_what_profiles_have() -> None:
    fixed = {"name", "summary", "cases", "phases", "detects"}
    of_cases = {"few", "violations"}
    assert set(ProfileSettings.model_fields) - {"extends"} == set(Profile.__dataclass_fields__) - fixed | of_cases
    assert set(BUILT_IN) == set(PROFILES)
    assert "url" in RunSettings.model_fields
