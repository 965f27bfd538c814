"""From a file and the environment to the settings of a run: command line over environment over target over file."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from conformance.settings.models import FileSettings, ProfileSettings, RunSettings

FILE = "conformance.toml"
TABLE = "ultravox-conformance"  # of [tool] in pyproject.toml
PREFIX = "ULTRAVOX_CONFORMANCE_"
_PATHS = ("ca_file", "tolerances", "out", "history", "known")
_LISTS_OF_PATHS = ("checks",)


class SettingsError(ValueError):
    """A file of settings, or a variable, is invalid; the message names it and the remedy."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run. `source` is the file that they come from, `folder` what its paths are relative to."""

    run: RunSettings = field(default_factory=RunSettings)
    profiles: Mapping[str, ProfileSettings] = field(default_factory=dict)
    target: str | None = None
    source: Path | None = None
    folder: Path = Path()


class _Environment(BaseSettings, RunSettings):
    """The settings that variables give: `ULTRAVOX_CONFORMANCE_RATE`, `ULTRAVOX_CONFORMANCE_KEY__FILE`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", env_ignore_empty=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (env_settings,)


def found_file(given: Path | None, folder: Path) -> Path | None:
    """Return the file of settings: the one that is given, or the one of a folder; None where there is none."""
    if given is not None:
        return given
    if (folder / FILE).is_file():
        return folder / FILE
    project = folder / "pyproject.toml"
    return project if project.is_file() and TABLE in _parsed(project).get("tool", {}) else None


def settings_of(target: str | None, given: Path | None = None, folder: Path = Path()) -> Settings:
    """Return the settings of a target, by its name, or of the default target. SettingsError where a setting is invalid.

    `given` is a file in place of that of the folder. A target that is a URL has the settings that hold for every target.
    """
    source = found_file(given, folder)
    whole = FileSettings() if source is None else _file(source)
    name = target or os.environ.get(f"{PREFIX}TARGET") or whole.default_target
    is_url = name is not None and "://" in name
    own = RunSettings()
    if name is not None and not is_url:
        if name not in whole.targets:
            known = _near(name, whole.targets) if source else f"; there is no {FILE}"
            raise SettingsError(f"--target {name}: give an http or https URL, or the name of a target in the settings{known}")
        own = whole.targets[name]
    common = {each: getattr(whole, each) for each in RunSettings.model_fields}
    at = source.parent if source is not None else folder
    layers = [_placed({each: value for each, value in common.items() if value is not None}, at)]
    layers += [_placed(_set(own), at), _set(_environment())]
    values = {each: value for layer in layers for each, value in layer.items()}
    if is_url:
        values["url"] = name
    return Settings(RunSettings.model_construct(**values), whole.profiles, None if is_url else name, source, at)


def _set(model: BaseModel) -> dict[str, Any]:
    return {each: getattr(model, each) for each in type(model).model_fields if getattr(model, each) is not None}


def _placed(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the values with paths that are relative to the file that they come from."""
    placed = {name: folder / value if name in _PATHS else value for name, value in values.items()}
    return placed | {name: [folder / each for each in values[name]] for name in _LISTS_OF_PATHS if name in values}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: it is no UTF-8 text, so no TOML") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: it is no TOML: {error}") from error


def _file(path: Path) -> FileSettings:
    data = _parsed(path)
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get(TABLE, {})
    try:
        return FileSettings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(f"{path}: {_first(error, FileSettings)}") from None


def _environment() -> RunSettings:
    known = {name.upper() for name in RunSettings.model_fields} | {"TARGET"}
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX).partition("__")[0]
        if variable.startswith(PREFIX) and name not in known:
            raise SettingsError(f"{variable}: there is no such setting{_near(name, known, PREFIX)}")
    if not any(name.startswith(PREFIX) for name in os.environ):
        return RunSettings()
    try:
        return _Environment()
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        variable = PREFIX + "__".join(str(each) for each in place).upper().replace("-", "_")
        raise SettingsError(f"{variable}: {error.errors()[0]['msg']}") from None
    except ValueError as error:  # a list or a table is to be written as JSON
        raise SettingsError(f"{PREFIX}…: {error}; write lists and tables as JSON") from None


def _first(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first problem in words: the place, and what there is instead of a key that is unknown."""
    problem = error.errors(include_input=False)[0]
    place = ".".join(str(each) for each in problem["loc"] if each != "constrained-str")
    if problem["type"] == "extra_forbidden":
        return f"{place}: there is no such setting{_near(str(problem['loc'][-1]), _names(model, problem['loc'][:-1]))}"
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}"


def _names(model: type[BaseModel], place: Iterable[int | str]) -> set[str]:
    steps = list(place)
    tables: dict[str, type[BaseModel]] = {"targets": RunSettings, "profiles": ProfileSettings}
    inner = tables.get(str(steps[0]) if steps else "", model)
    return {each.alias or name for name, each in inner.model_fields.items()}


def _near(name: str, known: Iterable[str], prefix: str = "") -> str:
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {prefix}{found[0]}?" if found else f"; there are {', '.join(sorted(known)) or 'none'}"
