"""The options of a command from Python values, with the defaults, settings and errors of the command line."""

from __future__ import annotations

import argparse
import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.cli.command_error import CommandError
from conformance.cli.configuration import configured
from conformance.cli.parser import parser


def options_of(command: str, values: Mapping[str, Any]) -> argparse.Namespace:
    """Return the options of a command with these values by name. CommandError where the command line would refuse one.

    True gives an option without a value; None and False give none; a sequence gives the option once for each item.
    """
    arguments = [command, *(word for name, value in values.items() for word in _words(name, value))]
    errors, top = io.StringIO(), parser()
    try:
        with contextlib.redirect_stderr(errors):
            options, unknown = top.parse_known_args(arguments)
            if unknown:
                names = ", ".join(each.partition("=")[0] for each in unknown)
                raise CommandError(f"{command}: there is no option {names}")
            options = configured(top, options, arguments)
    except SystemExit:
        raise CommandError(errors.getvalue().strip()) from None
    options.arguments = arguments  # which reproduce the run, as those of the process would
    return options


def _words(name: str, value: Any) -> Iterator[str]:
    option = f"--{name.replace('_', '-')}"
    if value is None or value is False:
        return
    if value is True:
        yield option
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from (f"{option}={each}" for each in value)
    else:
        yield f"{option}={value}"
