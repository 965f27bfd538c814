"""Run the command that the arguments name, and turn what ends it into an exit status."""

from __future__ import annotations

import importlib
import io
import sys
import traceback
from collections.abc import Sequence
from contextlib import nullcontext

from conformance.cli.command_error import CommandError
from conformance.cli.configuration import configured
from conformance.cli.parser import parser
from conformance.cli.process import interruptible, search_seldom, settle_streams, silence
from openapi.errors import UnusableProxy
from reports.exit_status import ExitStatus
from reports.program import program

_INTERRUPTIBLE = "run"  # the command that ends in order whatever signal ends it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status."""
    closed = settle_streams()
    if closed is not None:  # better now than when all is sent
        print(f"{program()}: {closed}", file=sys.stderr)
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
        options = configured(top, options, arguments)
        # From here on: what takes time before the first request is to be interrupted as well.
        with interruptible() if options.command == _INTERRUPTIBLE else nullcontext():
            module = importlib.import_module(f".commands.{options.command.replace('-', '_')}", __package__)
            status = int(module.main(options))
        sys.stdout.flush()  # here an error of the output can still be reported
        return status
    except (CommandError, UnusableProxy) as error:
        print(f"{program()}: {error}", file=sys.stderr)
        return ExitStatus.INVALID
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; this is no error of ours.
        silence()
        return ExitStatus.CONFORMS
    except OSError as error:
        silence()
        print(f"{program()}: {error.filename or 'the output'}: {error.strerror or error}", file=sys.stderr)
        return ExitStatus.INVALID
    except KeyboardInterrupt:
        print(f"{program()}: interrupted", file=sys.stderr)
        return ExitStatus.UNJUDGED
    except Exception as error:  # Python itself would end with the status that says "a rule failed"
        traceback.print_exc()
        print(f"{program()}: the suite's own error: {type(error).__name__}", file=sys.stderr)
        return ExitStatus.UNJUDGED


def _reported(unknown: Sequence[str]) -> str:
    """Return the problem with arguments that no command has: the names of options, and never a value, which may be a key."""
    names = [each.partition("=")[0] for each in unknown if each.startswith("--")]
    return f"there is no option {', '.join(names)}" if names else "an argument too many"
