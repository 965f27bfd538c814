"""The profile that a command asks for: one of the suite, or one of the settings on top of it."""

from __future__ import annotations

import argparse
import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.cli.command_error import CommandError
from conformance.cli.configuration import settings_in
from conformance.profiles import PROFILES, Profile
from strategies.plan.budget import EVERY, LIKELIEST

if TYPE_CHECKING:  # takes longer to import than the first request may wait
    from conformance.settings.models import ProfileSettings


def profile_of(options: argparse.Namespace) -> Profile:
    """Return the profile of these options. CommandError for a name that neither suite nor settings know."""
    name, settings = options.profile, settings_in(options)
    own = {} if settings is None else settings.profiles
    if name in own:
        return _extended(name, own[name])
    if name not in PROFILES:
        near = difflib.get_close_matches(name, [*PROFILES, *own], n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join([*PROFILES, *own])}"
        raise CommandError(f"--profile {name}: there is no such profile; {hint}")
    return PROFILES[name]


def _extended(name: str, own: ProfileSettings) -> Profile:
    """Return a profile of the settings: the one that it extends, with what it sets."""
    extended = PROFILES[own.extends]
    stated = own.model_dump(exclude_none=True, exclude={"extends", "few", "violations"})
    cases = extended.cases if own.few in (None, extended.few) else LIKELIEST if own.few else EVERY
    keywords = {**cases.keywords, **(own.violations or {})}
    others = keywords.pop("others", cases.others)
    return replace(extended, name=name, cases=replace(cases, keywords=keywords, others=others), **stated)
