"""`operations`: list what a description offers, and which operations can be tested."""

from __future__ import annotations

import argparse
import json

from conformance.cli.command_error import CommandError
from conformance.cli.options import inputs_from
from openapi.errors import ContractError
from openapi.reading.operations import Offered, offered
from reports.exit_status import ExitStatus


def main(options: argparse.Namespace) -> int:
    """Print one line for each operation: what can be tested of it, or why nothing can; return the exit status."""
    try:
        found = list(offered(inputs_from(options)))
    except ContractError as error:
        raise CommandError(str(error)) from error
    if options.json:
        print(json.dumps([_as_json(each) for each in found], indent=1, ensure_ascii=False))
        return ExitStatus.DONE
    width = max((len(str(each.name)) for each in found), default=0)
    for each in found:
        print(f"{each.name!s:{min(width, 60)}}  {_tested(each)}")
    return ExitStatus.DONE


def _tested(each: Offered) -> str:
    if each.contract is None:
        return f"not tested: {each.problem}"
    present = (("read", each.contract.read), ("delete", each.contract.delete))
    return ", ".join(["create", *(name for name, operation in present if operation is not None)])


def _as_json(each: Offered) -> dict[str, object]:
    contract = each.contract
    return {
        "operation": str(each.name),
        "tested": contract is not None,
        "read": contract is not None and contract.read is not None,
        "delete": contract is not None and contract.delete is not None,
        "problem": each.problem or None,
    }
