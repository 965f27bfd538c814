"""The command line: what it understands. What a command does stands in `conformance/commands/`."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

from conformance import VERSION
from conformance.cli.process import interruptible, search_seldom, settle_streams
from conformance.cli.run_options import add_run, add_target
from conformance.profiles import HELP, LEAST, PROFILES
from openapi.errors import UnusableProxy
from reports.exit_status import ExitStatus

_MANY = next(name for name, each in PROFILES.items() if not each.few)
_MOST_IN_FLIGHT = 256
_INTERRUPTIBLE = "run"  # the command that ends in order whatever signal ends it
_LEAST, _MOST = 0.001, 1_000_000  # seconds to wait, or requests a second
_EPILOG = """\
exit status: 0 conforms, 1 at least one rule failed, 2 the command or a file is wrong, 3 it could not be judged.
The API key is read from the environment variable that the contract names, or from --key-file, never from an argument."""


class CommandError(Exception):
    """The command or a file is wrong; the text says what and what to do."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with what is wrong and where the options are listed."""
        self.exit(ExitStatus.INVALID, f"{self.prog}: {message}; `{self.prog} --help` lists the options\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="python -m conformance",
        description="Conformance tests for the operation of an API that creates something.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"ultravox-conformance {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (help_text, add) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=help_text,
            description=help_text[0].upper() + help_text[1:] + ".",
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,  # a key behind `--key` is not taken for the name of a file, and told as such
        )
        command.set_defaults(refuse=command.error, parser=command)
        add(command)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status."""
    closed = settle_streams()
    if closed is not None:  # better now than when all is sent
        print(f"conformance: {closed}", file=sys.stderr)
        return ExitStatus.INVALID
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever encoding the terminal or the job has, nothing is lost over a dot
            stream.reconfigure(errors="backslashreplace")
    top = parser()
    options, unknown = top.parse_known_args(arguments)
    if unknown:
        options.refuse(_reported(unknown))
    search_seldom()
    try:
        from conformance.cli.configuration import configured

        options = configured(top, options, arguments)
        # From here on: what takes time before the first request is to be interrupted as well.
        with interruptible() if options.command == _INTERRUPTIBLE else nullcontext():
            module = importlib.import_module(f"conformance.cli.commands.{options.command}")
            status = int(module.main(options))
        sys.stdout.flush()  # here it can be told that it was in vain
        return status
    except (CommandError, UnusableProxy) as error:
        print(f"conformance: {error}", file=sys.stderr)
        return ExitStatus.INVALID
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nothing is wrong with us.
        silence()
        return ExitStatus.CONFORMS
    except OSError as error:
        silence()
        print(f"conformance: {error.filename or 'the output'}: {error.strerror or error}", file=sys.stderr)
        return ExitStatus.INVALID
    except KeyboardInterrupt:
        print("conformance: interrupted", file=sys.stderr)
        return ExitStatus.UNJUDGED


def _reported(unknown: Sequence[str]) -> str:
    """Return what is wrong with arguments that no command has: the names of options, and never a value, which may be a key."""
    names = [each.partition("=")[0] for each in unknown if each.startswith("--")]
    return f"there is no option {', '.join(names)}" if names else "an argument too many"


def silence() -> None:
    """Write no more to an output that nobody reads, at the end of the process neither."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def add_contract(command: argparse.ArgumentParser) -> None:
    """Add the options that say what the endpoint promises."""
    _add_documents(command)
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


def _add_documents(command: argparse.ArgumentParser) -> None:
    """Add the options that name the documents of a contract."""
    command.add_argument(
        "--contract",
        metavar="NAME|DIR",
        help="a folder with a contract.yaml, or a name in openapi/contracts/ (default: ultravox; none with --openapi alone)",
    )
    command.add_argument(
        "--openapi",
        metavar="FILE|URL",
        help="an OpenAPI 3.0 or 3.1 description; alone, nothing else is known of its API; beside --contract, it replaces "
        "the contract's description",
    )
    applied = command.add_mutually_exclusive_group()
    applied.add_argument(
        "--overlay",
        metavar="FILE|URL",
        action="append",
        help="apply this OpenAPI Overlay to it, in order, instead of those of the contract",
    )
    applied.add_argument("--no-overlay", action="store_true", help="apply no overlay to the description")


def _parser_name(text: str) -> str:
    from openapi.coercion.parsers import parsers  # the table behind it takes a while to read

    if text not in parsers():
        raise argparse.ArgumentTypeError(f"{text!r} is no parser that was asked; there are {', '.join(parsers())}")
    return text


def _positive(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is below 1")
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None


def _in_flight(text: str) -> int:
    number = _positive(text)
    if number > _MOST_IN_FLIGHT:
        raise argparse.ArgumentTypeError(f"{number} is above {_MOST_IN_FLIGHT}")
    return number


def _amount(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not _LEAST <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{text} cannot be; give a number from {_LEAST} to {_MOST:,}")
    return number


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("it is empty; give a directory")
    return Path(text)


def _run(command: argparse.ArgumentParser) -> None:
    add_target(command)
    add_contract(command)
    command.add_argument(
        "--profile",
        metavar="NAME",
        default=LEAST,
        help=f"how much to spend, or a profile of the settings (default: {LEAST}); {HELP}",
    )
    command.add_argument(
        "--select", metavar="RULE-GLOB", action="append", default=[], help="judge only these rules; may be given again"
    )
    command.add_argument("--seed", type=int, default=0, help="the seed of everything drawn (default: 0)")
    command.add_argument("--strict", action="store_true", help="rules that are only implied fail the run too")
    command.add_argument(
        "--out", metavar="DIR", type=_folder, default=Path("out"), help="where record and reports go (default: out)"
    )
    _add_budget(command)
    add_run(command, _amount, _positive)
    command.add_argument("--known", metavar="FILE", type=Path, help="expected failures (TOML or YAML)")
    command.add_argument("--history", metavar="DIR", type=Path, help="keep each run's summary here and show the trend")
    command.add_argument(
        "--reads",
        metavar="PARSER",
        type=_parser_name,
        action="append",
        default=[],
        help="what reads the server's bodies: protobuf, protobuf-go, pydantic or ajv; it must refuse what only others coerce "
        "(default: any of them; may be given again)",
    )
    command.add_argument(
        "--parsing", choices=("protojson", "strict"), help="how the embedded emulator reads bodies (default: protojson)"
    )
    command.add_argument(
        "--fault",
        metavar="NAME",
        action="append",
        default=[],
        help="plant a fault in the embedded emulator; `emulate --fault list` names them",
    )
    command.add_argument("--quiet", action="store_true", help="no progress")


def _add_budget(command: argparse.ArgumentParser) -> None:
    """Add the options that limit what a run may take of its target."""
    command.add_argument("--concurrency", type=_in_flight, default=8, metavar="N", help="requests in flight (default: 8)")
    command.add_argument("--rate", type=_amount, metavar="N", help="requests a second at most")
    command.add_argument("--max-requests", type=_positive, metavar="N", help="a budget of requests, retries included")
    command.add_argument(
        "--max-live-calls",
        type=_positive,
        metavar="N",
        help="the number of created calls that may exist at once; each is deleted once it has served (at least 2)",
    )
    command.add_argument("--max-created", type=_positive, metavar="N", help="a budget of created calls")
    command.add_argument(
        "--timeout", type=_amount, default=30.0, metavar="SECONDS", help="how long to wait for a response (default: 30)"
    )
    command.add_argument(
        "--keep-calls", action="store_true", help="do not delete the calls that the run creates on a remote target"
    )


def _rules(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument("--notes", action="store_true", help="list what has no rule, and rules that no request can violate")
    command.add_argument("--select", metavar="RULE-GLOB", action="append", default=[], help="list only these rules")


def _emulate(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=int, default=8000, help="port to listen on, 0 for a free one (default: 8000)")
    command.add_argument("--parsing", choices=("protojson", "strict"), default="protojson", help="how bodies are read")
    command.add_argument("--variant", metavar="NAME", help="another conforming server; `list` names them")
    command.add_argument("--strict-keys", action="store_true", help="refuse unknown members, whatever the variant does")
    command.add_argument("--fault", metavar="NAME", action="append", default=[], help="plant a fault; `list` names them")
    command.add_argument("--key-file", metavar="FILE", type=Path, help="accept the key in this file")
    command.add_argument(
        "--tls", metavar="DIR", type=_folder, help="serve HTTPS with a new certificate; DIR/ca.pem is what clients must trust"
    )
    command.add_argument("--quiet", action="store_true", help="no log line per request")
    command.add_argument("--stop-at-eof", action="store_true", help="stop when standard input ends, as a test's child does")


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", metavar="OLD", type=Path, help="a run.jsonl, or the directory that holds it")
    command.add_argument("new", metavar="NEW", type=Path, help="a later one")
    command.add_argument("--html", metavar="FILE", type=Path, help="write the comparison as a page")


def _report(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run, whole or cut off")
    command.add_argument("--out", metavar="DIR", type=Path, help="where the reports go (default: beside the record)")
    command.add_argument("--known", metavar="FILE", type=Path, help="expected failures (TOML or YAML)")
    command.add_argument("--history", metavar="DIR", type=Path, help="show the trend of the runs kept here")


def _known(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run")
    command.add_argument(
        "--update", metavar="FILE", type=Path, required=True, help="write or update this file of expected failures"
    )


def _holes(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run, or the directory that holds it")
    command.add_argument("--reasons", metavar="FILE", type=Path, help="holes that are left open on purpose (YAML)")


def _replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run")
    command.add_argument("--exchange", type=_positive, required=True, metavar="N", help="the number of the exchange")
    command.add_argument("--target", metavar="URL", help="send it there (default: the target of the record)")
    command.add_argument("--key-file", metavar="FILE", type=Path, help="read the API key from this file")


def _fixtures(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument(
        "--out", metavar="DIR", type=_folder, default=Path("fixtures"), help="where the fixtures go (default: fixtures)"
    )
    command.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 2 and list the files if DIR is not what would be written",
    )
    command.add_argument("--seed", type=int, default=0, help="which cases of a rule that has many (default: 0)")
    command.add_argument(
        "--format",
        choices=("json", "jsonl", "har", "curl", "pytest"),
        default="json",
        help="a file for each body, one file of lines, an archive, shell scripts, or a test (default: json)",
    )
    command.add_argument("--profile", choices=tuple(PROFILES), default=_MANY, help=f"how many cases (default: {_MANY})")
    command.add_argument("--select", metavar="RULE-GLOB", action="append", default=[], help="fixtures of these rules alone")


def _selfcheck(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument("--profile", choices=tuple(PROFILES), default=LEAST, help=f"the profile under test (default: {LEAST})")
    command.add_argument("--no-faults", action="store_true", help="only the conforming variants, see --conforming")
    command.add_argument(
        "--sample", type=_positive, metavar="N", help="a sample of N faults and mutants, of each family at least one"
    )
    command.add_argument("--jobs", type=_positive, default=2, metavar="N", help="processes (default: 2)")
    command.add_argument(
        "--select", metavar="GLOB", action="append", default=[], help="only the faults and mutants of these names"
    )
    command.add_argument(
        "--conforming", type=_positive, default=0, metavar="SEEDS", help="also run each conforming variant with so many seeds"
    )
    command.add_argument("--json", metavar="FILE", type=Path, help="write the matrix as JSON")
    command.add_argument(
        "--server", metavar="COMMAND", help="test against a server that this command starts on {port}, not the emulator"
    )
    command.add_argument("--faults", metavar="FILE", type=Path, help="the faults of that server (YAML or JSON)")
    command.add_argument("--variants", metavar="FILE", type=Path, help="its conforming variants (YAML or JSON)")
    command.add_argument(
        "--variable", metavar="NAME", default="FAULT", help="the variable that names the fault to it (default: FAULT)"
    )
    command.add_argument(
        "--variant-variable", metavar="NAME", default="VARIANT", help="and the one that names the variant (default: VARIANT)"
    )


def _sdk(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument(
        "--select", metavar="CASE-GLOB", action="append", default=[], help="only the cases of these ids; may be given again"
    )
    command.add_argument(
        "--timeout", type=_amount, default=30.0, metavar="SECONDS", help="how long to wait for a result (default: 30)"
    )
    command.add_argument(
        "--out", metavar="DIR", type=_folder, default=Path("out/sdk"), help="where the report goes (default: out/sdk)"
    )
    command.add_argument("--quiet", action="store_true", help="no progress")
    command.add_argument("harness", metavar="COMMAND", nargs="+", help="the harness and its arguments, after `--`")


def _cleanup(command: argparse.ArgumentParser) -> None:
    command.add_argument("directory", metavar="DIR", type=Path, help="the directory of the run, or its created.jsonl")
    add_target(command)


def _doctor(command: argparse.ArgumentParser) -> None:
    add_target(command)
    add_contract(command)


_Add = Callable[[argparse.ArgumentParser], None]


def _operations(command: argparse.ArgumentParser) -> None:
    _add_documents(command)
    command.add_argument("--json", action="store_true", help="as JSON")


_COMMANDS: dict[str, tuple[str, _Add]] = {
    "run": ("test a server and write the report", _run),
    "doctor": ("check whether a target can be tested, and print the plan", _doctor),
    "cleanup": ("delete what a killed run has created and left", _cleanup),
    "rules": ("list the catalogue of rules", _rules),
    "operations": ("list the operations of a description and which of them can be tested", _operations),
    "emulate": ("serve the emulator", _emulate),
    "compare": ("tell what changed between two runs", _compare),
    "report": ("draw the reports again from a record", _report),
    "known": ("write the failures of a run into a file of expected failures", _known),
    "holes": ("tell what a run has not tried", _holes),
    "replay": ("send one exchange of a record again", _replay),
    "fixtures": ("write requests and responses as files", _fixtures),
    "sdk": ("test a client through a harness", _sdk),
    "selfcheck": ("test the suite itself against planted faults", _selfcheck),
}
