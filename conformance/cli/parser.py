"""The parser of the command line. What a command does stands in `conformance/cli/commands/`."""

from __future__ import annotations

import argparse
from typing import NoReturn

from conformance import VERSION
from conformance.cli.command_options import COMMANDS
from reports.exit_status import ExitStatus
from reports.program import program

_EPILOG = """\
exit status: 0 conforms, 1 at least one rule failed, 2 the command or a file is invalid, 3 it could not be judged.
The API key is read from the environment variable that the contract names, or from --key-file, never from an argument."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with the problem and where the options are listed."""
        self.exit(ExitStatus.INVALID, f"{self.prog}: {message}; `{self.prog} --help` lists the options\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog=program(),
        description="Conformance tests for the operation of an API that creates something.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"ultravox-conformance {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (help_text, add) in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=help_text,
            description=help_text[0].upper() + help_text[1:] + ".",
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,  # a key behind `--key` is not taken for the name of a file, and shown as such
        )
        command.set_defaults(refuse=command.error, parser=command)
        add(command)
    return top
