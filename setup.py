"""The wheel of the tool: every package of the checkout under one private root, and an entry point beside it.

Generic names such as `reports` must never reach site-packages: they would overwrite a package of the user's. So the copies in
the wheel import each other under the private root: `from openapi.rules import Rule` becomes
`from ultravox_conformance._private.openapi.rules import Rule`. No path is changed, and type checkers follow.
"""

import re
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

TOOL = "ultravox_conformance"
PRIVATE = f"{TOOL}._private"
ROOTS = ("conformance", "emulator", "openapi", "reports", "strategies")

_FROM = re.compile(rf"^(\s*from )((?:{'|'.join(ROOTS)})(?:\.\w+)* import\b)", re.MULTILINE)
_IMPORT = re.compile(rf"^(\s*)import ((?:{'|'.join(ROOTS)})(?: as \w+)?)$", re.MULTILINE)


def moved(source: str) -> str:
    """Return the source of a module with imports of our packages from the private root."""
    return _IMPORT.sub(rf"\1from {PRIVATE} import \2", _FROM.sub(rf"\1{PRIVATE}.\2", source))


class Moving(build_py):
    """The copying of modules into the wheel, their imports moved to the private root."""

    def run(self) -> None:
        """Copy, then move the imports; an editable installation has no copies."""
        super().run()
        if self.editable_mode:
            return
        for module in (Path(self.build_lib) / TOOL).rglob("*.py"):
            source = module.read_text(encoding="utf-8")
            if (changed := moved(source)) != source:
                module.write_text(changed, encoding="utf-8")


setup(
    packages=[TOOL, *(f"{PRIVATE}.{name}" for name in find_packages(include=[f"{root}*" for root in ROOTS]))],
    package_dir={TOOL: f"tool/{TOOL}"} | {f"{PRIVATE}.{root}": root for root in ROOTS},
    package_data={"": ["**/*.*"]},
    exclude_package_data={"": ["**/*.pyc"]},
    include_package_data=False,
    cmdclass={"build_py": Moving},
)
