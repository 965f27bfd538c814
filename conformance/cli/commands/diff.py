"""`diff`: what changed between two descriptions of one operation, and for whom it may break what worked."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from conformance.cli.command_error import CommandError
from conformance.cli.options import operation_from, parameters_from
from conformance.results.recording import facts_of, field_entries, rule_entries
from openapi import ContractError, load_contract
from openapi.catalogue import catalogue_of
from reports.difference.difference import Description, DescriptionChange, as_json, differences
from reports.difference.formats import markdown, text
from reports.exit_status import ExitStatus
from reports.html.difference_page import difference_page
from reports.record.atomic_file import write_whole


def main(options: argparse.Namespace) -> int:
    """Print the changes; return 1 if one of them is of the kind that `--fail-on` names."""
    old, new = (_described(location, options) for location in (options.old, options.new))
    changes = differences(old, new)
    print(json.dumps(as_json(changes), indent=1, ensure_ascii=False) if options.json else text(changes))
    _write(options.markdown, "--markdown", markdown(changes, old.name, new.name).encode())
    _write(options.html, "--html", difference_page(changes, old.name, new.name))
    return ExitStatus.FAILS if _fails(changes, options.fail_on) else ExitStatus.CONFORMS


def _fails(changes: list[DescriptionChange], condition: str | None) -> bool:
    return {"breaking": any(each.breaks for each in changes), "any": bool(changes)}.get(condition or "", False)


def _write(path: Path | None, option: str, content: bytes) -> None:
    if path is None:
        return
    try:
        write_whole(path, content)
    except OSError as error:
        raise CommandError(f"{option} {path}: {error.strerror or error}") from error


def _described(location: str, options: argparse.Namespace) -> Description:
    """Return one of the two descriptions, or the contract in a folder, as rules. CommandError where it cannot be read."""
    is_folder = Path(location).is_dir()
    try:
        contract = load_contract(
            None if is_folder else location,
            [] if options.no_overlay else options.overlay,
            contract=location if is_folder else options.contract,
            operation=operation_from(options.operation),
            parameters=parameters_from(options.parameter),
        )
    except ContractError as error:
        raise CommandError(str(error)) from error
    catalogue = catalogue_of(contract)
    facts = dict(facts_of(contract))
    return Description.of(f"{location} ({contract.version})", rule_entries(catalogue), field_entries(catalogue), facts)
