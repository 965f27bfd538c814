"""The checks in files of one's own: code in `.py`, data in `.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from conformance.checks.own.code import checks_of_code
from openapi.own_checks import OwnCheck, OwnCheckError


def _of_data(file: Path) -> list[OwnCheck]:
    from conformance.checks.own.data import checks_of_data  # what validates data takes longer to import than code does

    return checks_of_data(file)


_KINDS: Mapping[str, Callable[[Path], list[OwnCheck]]] = {".py": checks_of_code, ".yaml": _of_data, ".yml": _of_data}


def load_checks(*files: str | Path) -> list[OwnCheck]:
    """Return the checks in files of code (`.py`) or data (`.yaml`). OwnCheckError where one cannot be used."""
    return [check for file in files for check in _checks_in(Path(file))]


def _checks_in(file: Path) -> Iterable[OwnCheck]:
    if file.suffix not in _KINDS:
        raise OwnCheckError(f"{file}: checks stand in a file of Python (.py) or data (.yaml)")
    return _KINDS[file.suffix](file)
