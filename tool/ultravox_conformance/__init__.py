"""Conformance tests of `POST /api/calls`, and of any operation that creates something: command line and Python API.

    >>> from ultravox_conformance import catalogue_of, load_contract
    >>> catalogue = catalogue_of(load_contract())
    >>> catalogue.rules["body.temperature.maximum"].requirement
    'temperature MUST be at most 1.'

The packages of the suite stand under one private root, apart from anyone's own `reports`. Names of the API are imported when
they are first used, since pytest imports this module for its plugin.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ultravox_conformance.api import (
        Basis,
        Catalogue,
        Checks,
        CommandError,
        Contract,
        ContractError,
        Finding,
        Level,
        NoSuchBodies,
        Observed,
        OwnCheck,
        OwnCheckError,
        Problem,
        RecordError,
        Rule,
        RuleStrategies,
        Written,
        catalogue_of,
        check,
        load_checks,
        load_contract,
        report,
        run,
    )
    from ultravox_conformance.emulator import Emulator, EmulatorError, running_emulator

__all__ = [
    "Basis",
    "Catalogue",
    "Checks",
    "CommandError",
    "Contract",
    "ContractError",
    "Emulator",
    "EmulatorError",
    "Finding",
    "Level",
    "NoSuchBodies",
    "Observed",
    "OwnCheck",
    "OwnCheckError",
    "Problem",
    "RecordError",
    "Rule",
    "RuleStrategies",
    "Written",
    "catalogue_of",
    "check",
    "load_checks",
    "load_contract",
    "main",
    "report",
    "run",
    "running_emulator",
]

_OF_EMULATOR = ("Emulator", "EmulatorError", "running_emulator")
_HERE = Path(__file__).resolve().parent
_IS_INSTALLED = (_HERE / "_private").is_dir()
_CHECKOUT = _HERE.parents[1]  # where the packages stand without an installation, and with an editable one


def __getattr__(name: str) -> Any:
    """Return a name of the API, which is imported by now."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "emulator" if name in _OF_EMULATOR else "api"
    return getattr(import_module(f"{__name__}.{module}"), name)


def main() -> int:
    """Run the command line of the suite; return the exit status."""
    if sys.argv[1:2] == ["run"]:  # a shell ignores SIGINT for `command &`, and importing what follows takes a while
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _IS_INSTALLED:
        from ultravox_conformance.contract_code import admit

        admit()
    else:
        sys.path.insert(0, str(_CHECKOUT))
        # Processes that a command starts have to find the packages too.
        inherited = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(_CHECKOUT), *([inherited] if inherited else [])])
    from conformance.cli.main import main as command_line

    return command_line()
