"""Options of commands that send requests: where to, with which credentials, with whose consent, within which budgets."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

CORRELATION = "X-Conformance-Request"


def add_target(command: argparse.ArgumentParser) -> None:
    """Add the options that say where requests go, and by which way."""
    command.add_argument("--target", metavar="URL|NAME", help="the server: a URL, or the name of a target in the settings")
    command.add_argument(
        "--config", metavar="FILE", type=Path, help="settings (default: conformance.toml, or pyproject.toml, in this directory)"
    )
    command.add_argument(
        "--key-file", metavar="FILE", type=Path, help="read the API key from this file instead of the environment"
    )
    command.add_argument(
        "--header",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="send this header with every request; $VARIABLE is read from the environment (may be given again)",
    )
    command.add_argument("--live", action="store_true", help="consent to requests to a server that is not this machine")


def add_run(command: argparse.ArgumentParser, amount: Callable[[str], float], positive: Callable[[str], int]) -> None:
    """Add the options of `run` about consent, time and requests."""
    command.add_argument("--dry-run", action="store_true", help="print what a run would do, and send nothing")
    command.add_argument(
        "--resume", metavar="DIR", type=Path, help="go on with the run in this directory, which was killed or interrupted"
    )
    command.add_argument(
        "--wait", type=amount, metavar="SECONDS", help="wait as long as this for the server to respond at first"
    )
    command.add_argument("--max-time", type=amount, metavar="SECONDS", help="a budget of time; deletions come on top")
    command.add_argument("--max-failures", type=positive, metavar="N", help="send no more once so many rules fail")
    command.add_argument(
        "--correlation-header",
        metavar="NAME",
        default=CORRELATION,
        help=f"the header that numbers requests (default: {CORRELATION}); empty for none",
    )
