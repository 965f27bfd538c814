"""The profile that a command asks for: one of the suite, or one of the settings on top of it."""

from __future__ import annotations

import argparse
import difflib
from dataclasses import replace

from conformance.cli.command_error import CommandError
from conformance.cli.configuration import settings_in
from conformance.profiles import PROFILES, Profile


def profile_of(options: argparse.Namespace) -> Profile:
    """Return the profile of these options. CommandError for a name that neither suite nor settings know."""
    name, settings = options.profile, settings_in(options)
    own = {} if settings is None else settings.profiles
    if name in own:
        stated = own[name].model_dump(exclude_none=True, exclude={"extends"})
        return replace(PROFILES[own[name].extends], name=name, **stated)
    if name not in PROFILES:
        near = difflib.get_close_matches(name, [*PROFILES, *own], n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join([*PROFILES, *own])}"
        raise CommandError(f"--profile {name}: there is no such profile; {hint}")
    return PROFILES[name]
