"""Options that several commands have: where requests go, and what the endpoint promises."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from conformance.cli.argument_types import parser_name


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


def add_contract(command: argparse.ArgumentParser) -> None:
    """Add the options that say what the endpoint promises."""
    add_documents(command)
    add_operation(command)


def add_checks(command: argparse.ArgumentParser) -> None:
    """Add the option that names checks of one's own."""
    command.add_argument(
        "--checks",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="apply the checks in this file of yours too: Python or YAML, see docs/checks.md (may be given again)",
    )


class OneOrTwo(argparse.Action):
    """Takes one description, or two of which the second stands in `other_openapi`."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, _option: Any = None
    ) -> None:
        """Take one more description."""
        given = [*getattr(namespace, "_descriptions", ()), values]
        if len(given) > _MOST:
            parser.error("--openapi: give one description, or two to find out which of them the server speaks")
        namespace._descriptions = given
        namespace.openapi, namespace.other_openapi = given[0], given[1] if len(given) > 1 else None


_MOST = 2  # descriptions that one run judges a server by


def add_operation(command: argparse.ArgumentParser) -> None:
    """Add the options that choose the operation and fill in its parameters."""
    command.add_argument(
        "--operation",
        metavar="'POST /path'",
        help="the operation that creates something (default: the contract's; without one, the only one of its kind)",
    )
    command.add_argument(
        "--parameter",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="the value of a path, header or query parameter; $VARIABLE as the value reads the environment; may be given again",
    )


def add_reads(command: argparse.ArgumentParser) -> None:
    """Add the option that names the parsers of the server's bodies."""
    command.add_argument(
        "--reads",
        metavar="PARSER",
        type=parser_name,
        action="append",
        default=[],
        help="what reads the server's bodies: protobuf, protobuf-go, pydantic, ajv, ajv-array, or strict for what coerces "
        "nothing; it must refuse what only others coerce (default: any of them; may be given again)",
    )


def add_documents(command: argparse.ArgumentParser, *, may_be_two: bool = False) -> None:
    """Add the options that name the documents of a contract."""
    several = "; given twice, the run shows which of both the server speaks" if may_be_two else ""
    command.add_argument(
        "--contract",
        metavar="NAME|DIR",
        help="a folder with a contract.yaml, or a name in openapi/contracts/ (default: ultravox; none with --openapi alone)",
    )
    command.add_argument(
        "--openapi",
        metavar="FILE|URL",
        action=OneOrTwo if may_be_two else "store",
        help="an OpenAPI 3.0, 3.1 or 3.2 description; alone, nothing else is known of its API; beside --contract, it replaces "
        f"the contract's description{several}",
    )
    applied = command.add_mutually_exclusive_group()
    applied.add_argument(
        "--overlay",
        metavar="FILE|URL",
        action="append",
        help="apply this OpenAPI Overlay to it, in order, instead of those of the contract",
    )
    applied.add_argument("--no-overlay", action="store_true", help="apply no overlay to the description")
