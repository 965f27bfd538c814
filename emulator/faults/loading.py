"""Planted faults of one API, loaded by path from the folder of its contract.

A contract keeps the faults that name its fields in `faults/`, a Python package whose `FAULTS` lists them. No package of
the project imports that folder; its modules import the project.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from emulator.fault import Fault
from openapi.errors import InvalidContract


@cache
def faults_in(folder: Path) -> tuple[Fault, ...]:
    """Return the faults that the package in this folder lists. InvalidContract if it cannot be imported or lists none."""
    try:
        found = getattr(_imported(folder), "FAULTS", None)
    except Exception as error:
        raise InvalidContract(str(folder), "", f"its faults cannot be imported: {type(error).__name__}: {error}") from error
    if not isinstance(found, tuple) or not all(isinstance(each, Fault) for each in found):
        raise InvalidContract(str(folder), "", "`FAULTS` must be a tuple of `emulator.fault.Fault`")
    return found


def _imported(folder: Path) -> ModuleType:
    # A name of its own for each folder: two contracts may both have a module `faults`.
    name = f"faults_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    spec = spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
    if not isinstance(spec, ModuleSpec) or spec.loader is None:
        raise ImportError(f"{folder} is not a Python package")
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
