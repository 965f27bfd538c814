"""The common part of commands: the catalogue, the key and the embedded emulator that the options ask for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.checks.own.loading import load_checks
from conformance.cli.command_error import CommandError
from conformance.embedded import embedded, emulator_keys
from openapi import ContractError, load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.contract import Contract
from openapi.contract_data import OperationName, ParameterValue
from openapi.known_values import with_known_values
from openapi.own_checks import OwnCheckError
from openapi.reading.contract_folder import operation_name
from openapi.reading.loader import Inputs, inputs_of
from reports.program import program
from reports.record.entries import Header

if TYPE_CHECKING:  # a run against a server starts no emulator, and does not wait for one to be imported
    from emulator.fault import Fault


def catalogue_from(options: argparse.Namespace) -> Catalogue:
    """Return the catalogue of the contract, description and overlays of the options. CommandError where one is invalid."""
    return _catalogue_of(options, options.openapi)


def catalogues_from(options: argparse.Namespace) -> list[Catalogue]:
    """Return the catalogue of each description of a run. CommandError where one is invalid, or both are the same."""
    first = catalogue_from(options)
    if options.other_openapi is None:
        return [first]
    other = _catalogue_of(options, options.other_openapi)
    if other.contract.description.digest == first.contract.description.digest:
        raise CommandError(
            f"--openapi {other.contract.description.name}: it is the same document as {first.contract.description.name}; "
            "give two descriptions to find out which of them the server speaks"
        )
    return [first, other]


def _catalogue_of(options: argparse.Namespace, openapi: str | None) -> Catalogue:
    overlays = [] if options.no_overlay else options.overlay
    try:
        contract = load_contract(
            openapi,
            overlays,
            contract=options.contract,
            operation=operation_from(options.operation),
            parameters=parameters_from(options.parameter),
        )
        return catalogue_of(_of_target(contract, options)).with_own(load_checks(*(getattr(options, "checks", None) or ())))
    except (ContractError, OwnCheckError) as error:
        raise CommandError(str(error)) from error


def inputs_from(options: argparse.Namespace) -> Inputs:
    """Return the documents of the options, for a look at all their operations. ContractError where one is invalid."""
    return inputs_of(options.openapi, [] if options.no_overlay else options.overlay, contract=options.contract)


def operation_from(text: str | None) -> OperationName | None:
    """Return the operation that an option names; None without the option. CommandError if it is not `POST /path`."""
    try:
        return None if text is None else operation_name(text)
    except ValueError as error:
        raise CommandError(f"--operation: {error}") from error


def parameters_from(texts: Sequence[str]) -> dict[str, ParameterValue]:
    """Return the values of parameters by name. CommandError where an option is not NAME=VALUE."""
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not name or not sign:
            raise CommandError(f"--parameter {text}: give NAME=VALUE, or NAME=$VARIABLE to read the environment")
        found[name] = ParameterValue(variable=value[1:]) if re.fullmatch(r"\$\w+", value) else ParameterValue(value)
    return found


def _of_target(contract: Contract, options: argparse.Namespace) -> Contract:
    """Return the contract with what the settings know of this target. CommandError where a place is none of the body."""
    settings = getattr(options, "settings", None)
    if settings is None:
        return contract
    if settings.run.tolerances is not None:
        contract = replace(contract, data=replace(contract.data, tolerances=settings.run.tolerances))
    request = contract.request
    for place, values in (settings.run.known_values or {}).items():
        known = with_known_values(request, place, values)
        if known is None:
            raise CommandError(f"known-values.{place}: a body has no such member")
        request = known
    return replace(contract, request=request)


def target_from(text: str, path: str) -> str:
    """Return a target URL without a trailing slash or the operation's own path. CommandError if it is not an HTTP URL."""
    try:
        parts = urlsplit(text)
        is_own = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", text)
    except ValueError:
        is_own = False
    if not is_own:
        raise CommandError(f"--target {text}: give an http or https URL such as https://staging.example.com")
    if parts.username or parts.password:
        raise CommandError("--target: a URL with a user or password would end up in the report; leave them out")
    if parts.query or parts.fragment:
        raise CommandError(f"--target {text}: leave out everything from `?` or `#` on")
    return text.rstrip("/").removesuffix(path.rstrip("/"))


def contract_again(header: Header) -> Contract:
    """Return the contract that a record was made with. CommandError where it cannot be read."""
    given = header.options
    overlays: list[str] | None = [each["name"] for each in header.overlays]
    # The name of a description is without the folder of its contract: an option names one that replaces it.
    openapi = given.get("openapi") if header.contract else header.description["name"]
    if header.contract and not given.get("overlay") and not given.get("no_overlay"):
        overlays = None
    try:
        return load_contract(
            openapi,
            overlays,
            contract=header.contract or None,
            operation=operation_from(given.get("operation")),
            parameters=parameters_from(given.get("parameter") or ()),
        )
    except ContractError as error:
        raise CommandError(str(error)) from error


@contextmanager
def embedded_again(header: Header) -> Iterator[tuple[str, dict[str, str]]]:
    """Start the emulator that a record was made with, its planted faults included; yield its URL and its keys by variable.

    CommandError where it cannot be made again.
    """
    catalogue = catalogue_of(contract_again(header))
    faults = faults_named(header.options.get("fault") or [], catalogue)
    with embedded(catalogue, parsing=header.options.get("parsing") or "protojson", faults=faults) as url:
        yield url, emulator_keys(catalogue.contract)


def faults_named(names: list[str], catalogue: Catalogue) -> list[Fault]:
    """Return the planted faults of these names. CommandError for one that there is not, or that does not apply."""
    if not names:
        return []
    from emulator.faults.applicability import obstacle

    faults = faults_of_contract(catalogue.contract)
    for name in names:
        if name not in faults:
            near = [each for each in faults if name.split("-")[0] in each][:4]
            raise CommandError(
                f"--fault {name}: there is no such fault"
                + (f"; near: {', '.join(near)}" if near else "; `emulate --fault list` names them")
            )
        reason = obstacle(faults[name], catalogue.contract, catalogue.rules)
        if reason is not None:
            raise CommandError(f"--fault {name}: the fault does not apply: {reason}")
    return [faults[name] for name in names]


def faults_of_contract(contract: Contract) -> dict[str, Fault]:
    """Return the planted faults of a contract by name. CommandError where those of its folder cannot be loaded."""
    from emulator.faults import faults_of

    try:
        return faults_of(contract)
    except ContractError as error:
        raise CommandError(str(error)) from error


def selected(catalogues: Sequence[Catalogue], globs: Sequence[str]) -> None:
    """CommandError if some rules are asked for and no catalogue has any of such ids."""
    if globs and not any(each.select(globs) for each in catalogues):
        wanted = " ".join(globs)
        raise CommandError(f"--select {wanted}: no rule has such an id; `{program()} rules` lists them")
