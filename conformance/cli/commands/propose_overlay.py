"""`propose-overlay`: a draft overlay of what the sentences of a description say, for a person to check."""

from __future__ import annotations

import argparse
import sys

import yaml

from conformance.cli.command_error import CommandError
from openapi.errors import ContractError
from openapi.prose.habits import Confidence
from openapi.prose.proposals import Proposal, draft, proposals
from openapi.reading.documents import read
from reports.exit_status import ExitStatus
from reports.quantities import plural
from reports.record.atomic_file import write_whole


def main(options: argparse.Namespace) -> int:
    """Write the draft, list what was too unsure to be in it, and return the exit status."""
    try:
        document = read(options.description).root
    except ContractError as error:
        raise CommandError(str(error)) from error
    found = list(proposals(document))
    unsure = [each for each in found if each.confidence is Confidence.UNSURE]
    kept = [each for each in found if each.confidence is not Confidence.UNSURE]
    text = yaml.safe_dump(draft(document, kept), sort_keys=False, allow_unicode=True, width=120)
    if options.out is None:
        print(text, end="")
    else:
        _write(options, text)
    for each in unsure:
        print(f"not proposed, since it may be out of date: {each.target}: {each.sentence}", file=sys.stderr)
    print(f"{plural(len(kept), 'proposal')}: {_counted(kept)}. Check each against its sentence.", file=sys.stderr)
    return ExitStatus.CONFORMS


def _counted(found: list[Proposal]) -> str:
    counts = {level: sum(each.confidence is level for each in found) for level in Confidence}
    return ", ".join(f"{count} {level}" for level, count in counts.items() if count) or "none"


def _write(options: argparse.Namespace, text: str) -> None:
    try:
        write_whole(options.out, text.encode())
    except OSError as error:
        raise CommandError(f"--out {options.out}: {error.strerror or error}") from error
