"""The name of the command, as the reader can type it: printed commands have to run where they are read."""

from __future__ import annotations

import shlex
import sys
from pathlib import PurePath

TOOL = "ultravox-conformance"
_IS_INSTALLED = not __name__.startswith("reports.")  # the installed tool has its packages under a private root


def program() -> str:
    """Return `ultravox-conformance` where the tool is installed, and `python -m conformance` in a checkout."""
    return TOOL if _IS_INSTALLED or PurePath(sys.argv[0]).stem == TOOL else "python -m conformance"


def pytest_command(rule: str, target: str) -> str:
    """Return the command that tests one rule by pytest; the installed plugin and the checkout's have other options."""
    where = shlex.quote(target)
    if program() == TOOL:
        return f"pytest --conformance-target {where} --conformance-select {shlex.quote(rule)}"
    return f"python -m pytest {shlex.quote(f'conformance/plugin/test_rules.py::test_rule[{rule}]')} --target {where}"
