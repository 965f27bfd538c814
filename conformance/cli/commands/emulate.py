"""`emulate`: the emulator as a test server of its own."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from dataclasses import replace
from functools import cache

from conformance.cli.command_error import CommandError
from conformance.cli.credentials import first_key, more_keys
from conformance.cli.options import catalogue_from, faults_named, faults_of_contract
from conformance.embedded import emulator_keys
from conformance.sdk.responses import response_fixtures
from emulator.app import create_app
from emulator.certificates import Certificate, new_certificate
from emulator.serving import serve
from emulator.testing import recording_server
from emulator.testing.script import Fixtures
from emulator.variants import CONFORMING, Variant
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from reports.exit_status import ExitStatus


def main(options: argparse.Namespace) -> int:
    """Serve until interrupted; return the exit status. CommandError where an option is invalid."""
    if options.variant == "list":
        return _list_variants()
    catalogue = catalogue_from(options)
    if options.fault == ["list"]:
        return _list_faults(catalogue.contract)
    variable = catalogue.contract.key_variable
    own = options.key_file is not None or bool(os.environ.get(variable))
    keys = _keys(options, catalogue.contract, own=own)
    faults = faults_named(options.fault, catalogue)
    app = create_app(catalogue.contract, keys=keys, variant=_variant(options), faults=faults)
    certificate = _certificate(options)
    for name, key in keys.items():
        print(f"The emulator accepts the key {f'in {options.key_file or name}' if own else key}.", flush=True)
    fixtures = cache(lambda: _fixtures(catalogue))  # few tests need any
    server = recording_server(app, catalogue, fixtures=fixtures, log=None if options.quiet else _log)
    if options.stop_at_eof:
        threading.Thread(target=_stop_at_eof, name="stdin", daemon=True).start()
    try:
        serve(server, options.host, options.port, certificate)
    except (OSError, OverflowError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise CommandError(f"cannot listen on {options.host}:{options.port}: {problem}") from error
    return ExitStatus.DONE


def _keys(options: argparse.Namespace, contract: Contract, *, own: bool) -> dict[str, str]:
    """Return the credentials that the emulator accepts, by variable: those of the user, else its own."""
    if not own:
        return emulator_keys(contract)
    return {contract.key_variable: first_key(options, contract)} | more_keys(contract)


def _variant(options: argparse.Namespace) -> Variant:
    if options.variant is not None and options.variant not in CONFORMING:
        raise CommandError(f"--variant {options.variant}: there is no such variant; they are {', '.join(CONFORMING)}")
    chosen = CONFORMING[options.variant] if options.variant else Variant()
    if options.parsing == "strict":
        chosen = replace(chosen, parsing="strict", unknown_keys="ignored")
    return replace(chosen, unknown_keys="refused") if options.strict_keys else chosen


def _certificate(options: argparse.Namespace) -> Certificate | None:
    if options.tls is None:
        return None
    try:
        certificate = new_certificate(options.tls)
    except OSError as error:
        raise CommandError(f"--tls {options.tls}: {error.strerror or error}") from error
    print(f"Clients must trust {certificate.authority}.", flush=True)
    return certificate


def _fixtures(catalogue: Catalogue) -> Fixtures:
    """Return the response fixtures by id, those that `fixtures` writes; none if no body is valid."""
    return {case.id: case.response for case in response_fixtures(catalogue)}


def _stop_at_eof() -> None:
    """Interrupt this process when its standard input ends: whoever started it has ended, be it by a kill."""
    while os.read(sys.stdin.fileno(), 65_536):
        pass
    os.kill(os.getpid(), signal.SIGINT)


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _list_faults(contract: Contract) -> int:
    for name, fault in faults_of_contract(contract).items():
        print(f"{name:50} {fault.family:16} {fault.summary}")
    return ExitStatus.DONE


def _list_variants() -> int:
    print("\n".join(CONFORMING))
    return ExitStatus.DONE
