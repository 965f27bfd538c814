"""Faults that refuse tools whose tokens meet their security options."""

from __future__ import annotations

from typing import Any

from emulator.fault import Body, Fault
from emulator.faults.dsl.places import value, values

from .family import TOOL, refusing


def _with_options(body: Body) -> list[Any]:
    """Return the tools that have a security option."""
    return [tool for tool in values(body, "selectedTools.*") if _options_met(tool)]


def _options_met(tool: Any) -> list[bool]:
    """Return of each security option of a tool whether the tokens that it is given meet its requirements."""
    given = value(tool, "authTokens") or {}
    options = values(tool, "temporaryTool.requirements.httpSecurityOptions.options.*")
    return [all(name in given for name in value(option, "requirements") or {}) for option in options]


FAULTS: tuple[Fault, ...] = (
    refusing(
        "two-secrets-refused",
        "a security option with more than one requirement is refused",
        lambda body: any(
            isinstance(each, dict) and len(each) > 1
            for each in values(body, f"{TOOL}.requirements.httpSecurityOptions.options.*.requirements")
        ),
        f"body.{TOOL}.requirements.httpSecurityOptions.options.*.requirements.type",
        f"body.{TOOL}.requirements.httpSecurityOptions.options.*.requirements.propertyNames",
    ),
    refusing(
        "every-security-option-needed",
        "a tool is refused unless the tokens meet all its security options, not one",
        lambda body: any(not all(_options_met(tool)) for tool in _with_options(body)),
        f"body.{TOOL}.requirements.httpSecurityOptions.*",
    ),
    refusing(
        "first-security-option-needed",
        "a tool is refused unless the tokens meet the first of its security options",
        lambda body: any(not _options_met(tool)[0] for tool in _with_options(body)),
        f"body.{TOOL}.requirements.httpSecurityOptions.*",
    ),
)
