"""Options of every command but `run`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from conformance.cli.argument_types import amount, folder, port, positive
from conformance.cli.run_options import add_run
from conformance.cli.shared_options import add_checks, add_contract, add_documents, add_operation, add_reads, add_target
from conformance.profiles import DEFAULT, FIXTURES, PROFILES


def _rules(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument("--notes", action="store_true", help="list what has no rule, and rules that no request can violate")
    command.add_argument("--select", metavar="RULE-GLOB", action="append", default=[], help="list only these rules")
    add_checks(command)


def _emulate(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=port, default=8000, help="port to listen on, 0 for a free one (default: 8000)")
    command.add_argument("--parsing", choices=("protojson", "strict"), default="protojson", help="how bodies are read")
    command.add_argument("--variant", metavar="NAME", help="another conforming server; `list` names them")
    command.add_argument("--strict-keys", action="store_true", help="refuse unknown members, whatever the variant does")
    command.add_argument("--fault", metavar="NAME", action="append", default=[], help="plant a fault; `list` names them")
    command.add_argument("--key-file", metavar="FILE", type=Path, help="accept the key in this file")
    command.add_argument(
        "--tls", metavar="DIR", type=folder, help="serve HTTPS with a new certificate; DIR/ca.pem is what clients must trust"
    )
    command.add_argument("--quiet", action="store_true", help="no log line per request")
    command.add_argument("--stop-at-eof", action="store_true", help="stop when standard input ends, as a test's child does")


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", metavar="OLD", type=Path, help="a run.jsonl, or the directory that holds it")
    command.add_argument("new", metavar="NEW", type=Path, help="a later one")
    command.add_argument(
        "--exchanges",
        action="store_true",
        help="compare the responses of two targets to one plan: the same requests, sent with the same seed",
    )
    command.add_argument("--html", metavar="FILE", type=Path, help="write the comparison as a page")
    command.add_argument("--markdown", metavar="FILE", type=Path, help="write the comparison as Markdown")
    command.add_argument("--json", action="store_true", help="print the changed rules as JSON, a list of one comparison or two")


def _diff(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", metavar="OLD", help="a description (file or URL), or the folder of a contract")
    command.add_argument("new", metavar="NEW", help="a later one")
    command.add_argument("--contract", metavar="NAME|DIR", help="apply the overlays of this contract to both (default: none)")
    applied = command.add_mutually_exclusive_group()
    applied.add_argument("--overlay", metavar="FILE|URL", action="append", help="apply this OpenAPI Overlay to both, in order")
    applied.add_argument("--no-overlay", action="store_true", help="apply no overlay")
    add_operation(command)
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument("--markdown", metavar="FILE", type=Path, help="write the difference as Markdown")
    command.add_argument("--html", metavar="FILE", type=Path, help="write the difference as a page")
    command.add_argument("--fail-on", choices=("breaking", "any"), help="exit with 1 if there is such a change")


def _propose_overlay(command: argparse.ArgumentParser) -> None:
    command.add_argument("description", metavar="FILE|URL", help="an OpenAPI description")
    command.add_argument("--out", metavar="FILE", type=Path, help="write the draft there (default: standard output)")


def _report(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s RECORD [options]\n       %(prog)s merge RECORD... --out DIR [options]"
    command.add_argument(
        "records",
        metavar="RECORD",
        nargs="+",
        type=Path,
        help="the record of a run, whole or cut off, or its directory; behind `merge` those of all shards of one run",
    )
    command.add_argument("--out", metavar="DIR", type=Path, help="where the reports go (default: beside the record)")
    command.add_argument("--known", metavar="FILE", type=Path, help="expected failures (TOML or YAML)")
    command.add_argument("--history", metavar="DIR", type=Path, help="show the trend of the runs kept here")


def _known(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run, or the directory that holds it")
    command.add_argument(
        "--update", metavar="FILE", type=Path, required=True, help="write or update this file of expected failures"
    )


def _holes(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run, or the directory that holds it")
    command.add_argument("--reasons", metavar="FILE", type=Path, help="holes that are left open on purpose (YAML)")


def _replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", metavar="RUN.jsonl", type=Path, help="the record of a run, or the directory that holds it")
    which = command.add_mutually_exclusive_group()
    which.add_argument(
        "--exchange", type=positive, metavar="N", help="the number of the exchange (default: those of all failures)"
    )
    which.add_argument("--rule", metavar="RULE", help="the exchanges that show how this rule failed, or held")
    command.add_argument("--target", metavar="URL", help="send it there (default: the target of the record)")
    command.add_argument("--key-file", metavar="FILE", type=Path, help="read the API key from this file")


def _fixtures(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument(
        "--out", metavar="DIR", type=folder, default=Path("fixtures"), help="where the fixtures go (default: fixtures)"
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
    command.add_argument("--profile", choices=tuple(PROFILES), default=FIXTURES, help=f"how many cases (default: {FIXTURES})")
    command.add_argument("--select", metavar="RULE-GLOB", action="append", default=[], help="fixtures of these rules alone")


def _selfcheck(command: argparse.ArgumentParser) -> None:
    add_contract(command)
    command.add_argument(
        "--profile", choices=tuple(PROFILES), default=DEFAULT, help=f"the profile under test (default: {DEFAULT})"
    )
    command.add_argument("--no-faults", action="store_true", help="only the conforming variants, see --conforming")
    command.add_argument(
        "--sample", type=positive, metavar="N", help="a sample of N faults and mutants, of each family at least one"
    )
    command.add_argument("--jobs", type=positive, default=2, metavar="N", help="processes (default: 2)")
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="carry out the trials on the Dask cluster of this scheduler (tcp://host:8786), in place of processes here",
    )
    command.add_argument(
        "--select", metavar="GLOB", action="append", default=[], help="only the faults and mutants of these names"
    )
    command.add_argument(
        "--conforming", type=positive, default=0, metavar="SEEDS", help="also run each conforming variant with so many seeds"
    )
    command.add_argument("--json", metavar="FILE", type=Path, help="write the matrix as JSON")
    command.add_argument(
        "--server", metavar="COMMAND", help="test against a server that this command starts on {port}, not the emulator"
    )
    add_reads(command)
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
        "--timeout", type=amount, default=30.0, metavar="SECONDS", help="how long to wait for a result (default: 30)"
    )
    command.add_argument(
        "--out", metavar="DIR", type=folder, default=Path("out/sdk"), help="where the report goes (default: out/sdk)"
    )
    command.add_argument("--quiet", action="store_true", help="no progress")
    command.add_argument("harness", metavar="COMMAND", nargs="+", help="the harness and its arguments, after `--`")


def _cleanup(command: argparse.ArgumentParser) -> None:
    command.add_argument("directory", metavar="DIR", type=Path, help="the directory of the run, or its created.jsonl")
    add_target(command)


def _doctor(command: argparse.ArgumentParser) -> None:
    add_target(command)
    add_contract(command)


def _operations(command: argparse.ArgumentParser) -> None:
    add_documents(command)
    command.add_argument("--json", action="store_true", help="as JSON")


def _completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "tcsh"), help="bash, zsh or tcsh")


# A command: what it does, and what adds its options.
COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "run": ("test a server and write the report", add_run),
    "doctor": ("check whether a target can be tested, and print the plan", _doctor),
    "cleanup": ("delete what a killed run has created and left", _cleanup),
    "rules": ("list the catalogue of rules", _rules),
    "operations": ("list the operations of a description and which of them can be tested", _operations),
    "emulate": ("serve the emulator", _emulate),
    "diff": ("show what changed between two descriptions, and for whom it may break what worked", _diff),
    "propose-overlay": ("draft an overlay from the habitual sentences of a description", _propose_overlay),
    "compare": ("show what changed between two runs", _compare),
    "report": ("draw the reports again from a record", _report),
    "known": ("write the failures of a run into a file of expected failures", _known),
    "holes": ("list what a run has not tried", _holes),
    "replay": ("send exchanges of a record again", _replay),
    "fixtures": ("write requests and responses as files", _fixtures),
    "sdk": ("test a client through a harness", _sdk),
    "completion": ("print the completion of commands and options for a shell", _completion),
    "selfcheck": ("test the suite itself against planted faults", _selfcheck),
}
