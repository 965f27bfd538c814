"""The credentials of a command: from the environment variables that the contract names, or the first one from a file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from conformance.cli.command_error import CommandError
from openapi.contract import Contract
from reports.record.key_forms import Form, variables


def key_from(key_file: Path | None, variable: str) -> str:
    """Return the API key from a file or this environment variable. CommandError without one, or if no header can carry it."""
    if key_file is not None:
        try:
            key = key_file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"--key-file {key_file}: {getattr(error, 'strerror', None) or 'it is no text'}") from error
    else:
        key = os.environ.get(variable, "").strip()
    if not key and key_file is not None:
        raise CommandError(f"--key-file {key_file}: it is empty")
    if not key:
        raise CommandError(f"no API key: set {variable}, or give --key-file FILE")
    return usable_key(key)


def first_key(options: argparse.Namespace, contract: Contract) -> str:
    """Return the first credential of a contract, from the options or the environment. CommandError where it is not there."""
    if not contract.keys and options.key_file is None:
        return ""
    return checked_key(key_from(options.key_file, contract.key_variable), contract)


def checked_key(key: str, contract: Contract) -> str:
    """Return the first credential. CommandError if it is to be a user and a password, and is not."""
    if contract.keys and contract.keys[0].is_basic and ":" not in key:
        raise CommandError(f"the credential for {contract.keys[0].scheme} is no user:password")
    return key


def more_keys(contract: Contract) -> dict[str, str]:
    """Return the further credentials by environment variable. CommandError if one that every request needs is not set."""
    needed = {contract.variable_of(each): key_from(None, contract.variable_of(each)) for each in contract.keys[1:]}
    others = {contract.variable_of(each) for alternative in contract.security for each in alternative}
    return {name: usable_key(value) for name in others if (value := os.environ.get(name, "").strip())} | needed


def keys_in(forms: Mapping[str, Form]) -> dict[str, str]:
    """Return the further credentials that forms need, by environment variable. CommandError where one is not set."""
    return {variable: key_from(None, variable) for form in forms.values() for variable in variables(form)}


def usable_key(key: str) -> str:
    """Return a key. CommandError where no HTTP header can carry it."""
    if not key.isascii() or not key.isprintable():
        raise CommandError("the API key holds characters that no HTTP header can carry")
    return key
