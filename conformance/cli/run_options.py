"""Options of `run`: how much to spend, with whose consent, within which budgets."""

from __future__ import annotations

import argparse
from pathlib import Path

from conformance.cli.argument_types import amount, folder, in_flight, positive, redis_url
from conformance.cli.shard import shard
from conformance.cli.shared_options import add_checks, add_documents, add_operation, add_reads, add_target
from conformance.profiles import DEFAULT, HELP

CORRELATION = "X-Conformance-Request"


def add_run(command: argparse.ArgumentParser) -> None:
    """Add the options of `run`."""
    add_target(command)
    add_documents(command, may_be_two=True)
    command.set_defaults(other_openapi=None)
    add_operation(command)
    command.add_argument(
        "--profile",
        metavar="NAME",
        default=DEFAULT,
        help=f"how much to spend, or a profile of the settings (default: {DEFAULT}); {HELP}",
    )
    command.add_argument(
        "--select", metavar="RULE-GLOB", action="append", default=[], help="judge only these rules; may be given again"
    )
    add_checks(command)
    command.add_argument(
        "--shard",
        metavar="I/N",
        type=shard,
        help="carry out part I of N of the run, and merge the records later (`report merge`); `auto` or `auto/N` takes I "
        "and N from the variables of GitLab, CircleCI, Buildkite or Kubernetes",
    )
    command.add_argument("--seed", type=int, default=0, help="the seed of everything drawn (default: 0)")
    command.add_argument("--strict", action="store_true", help="rules that are only implied fail the run too")
    command.add_argument(
        "--out", metavar="DIR", type=folder, default=Path("out"), help="where record and reports go (default: out)"
    )
    _add_budget(command)
    _add_consent(command)
    command.add_argument("--known", metavar="FILE", type=Path, help="expected failures (TOML or YAML)")
    command.add_argument("--history", metavar="DIR", type=Path, help="keep each run's summary here and show the trend")
    _add_server(command)
    command.add_argument("--quiet", action="store_true", help="no progress")


def _add_server(command: argparse.ArgumentParser) -> None:
    """Add the options that say how the server reads bodies, and what is wrong with the embedded one."""
    command.add_argument(
        "--examples",
        metavar="DIR|URL",
        action="append",
        default=[],
        help="keep failing bodies in this example database and send them first the next time: a folder, redis://HOST/0, "
        "or github://OWNER/REPOSITORY to read (may be given again)",
    )
    add_reads(command)
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


def _add_budget(command: argparse.ArgumentParser) -> None:
    """Add the options that limit what a run may take of its target."""
    command.add_argument("--concurrency", type=in_flight, default=8, metavar="N", help="requests in flight (default: 8)")
    command.add_argument("--rate", type=amount, metavar="N", help="requests a second at most")
    command.add_argument(
        "--rate-limit",
        metavar="REDIS-URL",
        type=redis_url,
        help="keep --rate together with the other runs against this target that name this Redis (redis://host:6379/0)",
    )
    command.add_argument("--max-requests", type=positive, metavar="N", help="a budget of requests, retries included")
    command.add_argument(
        "--max-live-calls",
        type=positive,
        metavar="N",
        help="the number of created calls that may exist at once; each is deleted once it has served (at least 2)",
    )
    command.add_argument("--max-created", type=positive, metavar="N", help="a budget of created calls")
    command.add_argument(
        "--timeout", type=amount, default=30.0, metavar="SECONDS", help="how long to wait for a response (default: 30)"
    )
    command.add_argument(
        "--keep-calls", action="store_true", help="do not delete the calls that the run creates on a remote target"
    )


def _add_consent(command: argparse.ArgumentParser) -> None:
    """Add the options about consent, time and requests."""
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
