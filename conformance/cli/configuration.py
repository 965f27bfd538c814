"""The settings of a command: command line over environment over file, by parsing the command line over them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.command_error import CommandError

if TYPE_CHECKING:  # takes longer to import than the first request may wait
    from conformance.settings.reading import Settings

_PREFIX, _FILE, _TABLE = "ULTRAVOX_CONFORMANCE_", "conformance.toml", b"[tool.ultravox-conformance"
_WITHOUT_OPTION = frozenset({"url", "key", "headers", "proxy", "ca_file", "client_certificate", "known_values", "tolerances"})
_LISTS = ("select", "overlay", "checks", "examples")


def configured(top: argparse.ArgumentParser, given: argparse.Namespace, arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options with settings where the command line has none. CommandError where a setting is invalid.

    `options.settings` are those without an option of their own; None where there are no settings.
    """
    if not hasattr(given, "config"):
        return given
    given.settings, given.is_target_named = None, given.target is not None
    if not _are_needed(given):
        return given
    from conformance.settings.reading import SettingsError, settings_of

    try:
        settings = settings_of(given.target, given.config)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    values = {name: value for name, value in vars(settings.run).items() if value is not None and name not in _WITHOUT_OPTION}
    given.parser.set_defaults(**{name: value for name, value in values.items() if hasattr(given, name)})
    options = top.parse_known_args(arguments)[0]
    for name in _LISTS:
        if getattr(given, name, None):  # argparse adds to a default, and does not replace it
            setattr(options, name, getattr(given, name))
    options.is_target_named = given.is_target_named
    options.target = settings.run.url
    if settings.target is not None and options.target is None:
        raise CommandError(f"{settings.source}: targets.{settings.target} has no url")
    options.settings = settings
    return options


def _are_needed(given: argparse.Namespace) -> bool:
    is_named = given.target is not None and "://" not in given.target
    if given.config is not None or is_named or any(name.startswith(_PREFIX) for name in os.environ):
        return True
    project = Path("pyproject.toml")
    return Path(_FILE).is_file() or (project.is_file() and _TABLE in project.read_bytes())


def settings_in(options: argparse.Namespace) -> Settings | None:
    """Return the settings that options were read with; None without any."""
    settings: Settings | None = getattr(options, "settings", None)
    return settings
