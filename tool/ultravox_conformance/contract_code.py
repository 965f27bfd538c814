"""The names that Python code of a contract imports: planted faults begin with `from emulator.fault import Fault`.

Such code stands in a folder of the user's, so the wheel did not move its imports. The names of our packages lead to the modules
under the private root in the process of a command alone: one module under two names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_PRIVATE = "ultravox_conformance._private"
_ROOTS = frozenset({"conformance", "emulator", "openapi", "reports", "strategies"})


class _Names(MetaPathFinder, Loader):
    """A finder of our packages by the names that they have in a checkout."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of ours is found; None for any other."""
        return ModuleSpec(fullname, self) if fullname.partition(".")[0] in _ROOTS else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module to be replaced: import keeps the entry of `sys.modules` that is there after execution."""
        return ModuleType(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Put the module under the private root in the place of this one."""
        sys.modules[module.__name__] = import_module(f"{_PRIVATE}.{module.__name__}")


def admit() -> None:
    """Let code of contracts import our packages by their names."""
    sys.meta_path.insert(0, _Names())
