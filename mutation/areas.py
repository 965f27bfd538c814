"""The modules of each area, the tests nearest to a module, and the survivors that were looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from mutation.mutants import Mutant

ROOT = Path(__file__).parents[1]
_HERE = Path(__file__).parent
_KINDS = ("equivalent", "accepted")


@dataclass(frozen=True, slots=True)
class Areas:
    """The content of `areas.yaml`: modules by area, and the tests of modules that begin with a path."""

    areas: dict[str, list[str]]
    nearest: dict[str, list[str]]

    def modules(self, area: str) -> Iterator[str]:
        """Yield the modules of an area by path."""
        for name in self.areas[area]:
            path = ROOT / name
            found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
            yield from (str(each.relative_to(ROOT)) for each in found if each.name != "__init__.py")

    def tests(self, module: str) -> list[str]:
        """Return the tests nearest to a module, its own first; LookupError where there are none."""
        path = Path(module)
        own = Path("tests", path.parent, f"test_{path.name}")
        fronts = [front for front in self.nearest if module.startswith(front)]
        others = self.nearest[max(fronts, key=len)] if fronts else []
        found = list(dict.fromkeys([*([str(own)] if (ROOT / own).is_file() else []), *others]))
        if not found:
            raise LookupError(f"no tests for {module}")
        return found


def read_areas() -> Areas:
    """Return the areas of `areas.yaml`."""
    stated = yaml.safe_load((_HERE / "areas.yaml").read_text(encoding="utf-8"))
    return Areas(stated["areas"], stated["nearest"])


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test has to notice, with the reason: the line `after` it, or all that `operator` makes of the line."""

    module: str
    before: str
    kind: str
    reason: str
    after: str = ""
    operator: str = ""

    def __post_init__(self) -> None:
        if self.kind not in _KINDS or not self.reason.strip():
            raise ValueError(f"{self.module}, {self.before!r}: a kind out of {', '.join(_KINDS)} and a reason are needed")
        if bool(self.after) == bool(self.operator):
            raise ValueError(f"{self.module}, {self.before!r}: either `after` or `operator` is needed")

    def is_(self, mutant: Mutant) -> bool:
        """Return whether this is the mutant."""
        made = mutant.after == self.after if self.after else mutant.operator == self.operator
        return made and (self.module, self.before) == (mutant.module, mutant.before)


def read_survivors() -> list[Survivor]:
    """Return the survivors of `survivors.yaml`."""
    return [Survivor(**each) for each in yaml.safe_load((_HERE / "survivors.yaml").read_text(encoding="utf-8"))]
