"""Checks of one's own in a Python file: every check that the file has a name for."""

from __future__ import annotations

import hashlib
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from conformance.checks.own.judging import raised_at
from openapi.own_checks import OwnCheck, OwnCheckError

_API = "ultravox_conformance"


def checks_of_code(file: Path) -> list[OwnCheck]:
    """Return the checks that a Python file defines or imports. OwnCheckError if it cannot be run, or has none."""
    _make_importable()
    try:
        module = _executed(file)
    except OwnCheckError as error:
        raise OwnCheckError(f"{file}: {error}") from error
    except SyntaxError as error:
        raise OwnCheckError(f"{file}:{error.lineno}: {error.msg}") from error
    except OSError as error:
        raise OwnCheckError(f"{file}: {error.strerror or error}") from error
    except Exception as error:
        raise OwnCheckError(f"{file.parent / raised_at(error, str(file))}") from error
    found = list(dict.fromkeys(each for each in vars(module).values() if isinstance(each, OwnCheck)))
    if not found:
        raise OwnCheckError(f"{file}: it defines no check; put `@check(id, level, sentence)` above a function")
    return found


def _executed(file: Path) -> ModuleType:
    # A name of its own for each file: two folders may both have a my_checks.py.
    name = f"own_checks_{hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:16]}"
    loader = SourceFileLoader(name, str(file))
    spec = spec_from_loader(name, loader)
    assert isinstance(spec, ModuleSpec)
    module = sys.modules[name] = module_from_spec(spec)
    try:
        exec(loader.source_to_code(file.read_bytes(), str(file)), vars(module))  # noqa: S102 - the user's own file
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _make_importable() -> None:
    """Let `python -m conformance` in a checkout find the Python API, which the installed tool has anyway."""
    if find_spec(_API) is None:
        sys.path.append(str(Path(__file__).parents[3] / "tool"))
