"""The options of a resumed run: those of the run that was killed, as its record has them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from conformance.cli.command_error import CommandError
from openapi.network import without_credentials
from reports.record.entries import Header
from reports.record.reader import RecordError, headers_of

# What decides on the plan, and so must be the same again.
AGAIN = (
    *("profile", "seed", "strict", "select", "shard", "checks", "reads", "parsing", "fault"),
    *("contract", "openapi", "other_openapi", "overlay", "no_overlay", "operation", "parameter"),
)

# May hold credentials that the record does not keep, so those of the command line count.
_DOCUMENTS = ("openapi", "other_openapi", "overlay", "parameter")


def again_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options that a resumed run needs again, without the credentials of URLs."""
    return {name: _shown(getattr(options, name)) for name in AGAIN}


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(each) for each in value]
    if isinstance(value, Path):
        return str(value)
    return without_credentials(value) if isinstance(value, str) else value


def resume(options: argparse.Namespace) -> list[Header]:
    """Set the options to those of the run in `--resume`; return the header of its record by each description.

    CommandError where there is none.
    """
    folder: Path = options.resume
    try:
        headers = headers_of(folder / "run.jsonl")
    except RecordError as error:
        raise CommandError(f"--resume {folder}: {error}") from error
    found = headers[0]
    if found.options.get("other_openapi") and len(headers) < 2:
        raise CommandError(f"--resume {folder}: the record ends before its second description; start another run")
    for name, value in found.options.items():
        if name in AGAIN and (name not in _DOCUMENTS or not getattr(options, name)):
            setattr(options, name, value)
    options.out = folder
    if options.target is None and not found.embedded:
        options.target = found.target
    return headers
