"""`emulate`: the emulator as a server of its own."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from conformance.cli.options import EMULATOR_KEY, KEY_VARIABLE, catalogue_from, faults_named, faults_of_contract, key_from
from conformance.cli.parser import CommandError
from emulator.app import create_app
from emulator.serving import serve
from emulator.variants import CONFORMING, Variant
from openapi.contract import Contract


def main(options: argparse.Namespace) -> int:
    """Serves until interrupted."""
    if options.variant == "list":
        return _list_variants()
    catalogue = catalogue_from(options)
    if options.fault == ["list"]:
        return _list_faults(catalogue.contract)
    own = options.key_file is not None or bool(os.environ.get(KEY_VARIABLE))
    key = key_from(options.key_file) if own else EMULATOR_KEY
    app = create_app(
        catalogue.contract,
        keys=frozenset({key}),
        variant=_variant(options),
        faults=faults_named(options.fault, catalogue.contract),
    )
    print(
        f"It admits the key in {options.key_file or KEY_VARIABLE}." if own else f"It admits the key {EMULATOR_KEY}.", flush=True
    )
    try:
        serve(app, options.host, options.port)
    except (OSError, OverflowError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise CommandError(f"cannot listen on {options.host}:{options.port}: {problem}") from error
    return 0


def _variant(options: argparse.Namespace) -> Variant:
    if options.variant is None:
        return Variant(parsing=options.parsing)
    if options.variant not in CONFORMING:
        raise CommandError(f"--variant {options.variant}: there is no such variant; they are {', '.join(CONFORMING)}")
    chosen = CONFORMING[options.variant]
    return replace(chosen, parsing=options.parsing) if options.parsing != "protojson" else chosen


def _list_faults(contract: Contract) -> int:
    for name, fault in faults_of_contract(contract).items():
        print(f"{name:50} {fault.family:16} {fault.summary}")
    return 0


def _list_variants() -> int:
    print("\n".join(CONFORMING))
    return 0
