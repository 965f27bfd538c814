"""The tolerance table: differences between conforming servers (`openapi/tolerances.yaml` and the contract's own)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

import openapi
from openapi.contract import Contract
from openapi.schema.nodes import Node

TABLE = Path(openapi.__file__).parent / "tolerances.yaml"


@dataclass(frozen=True)
class Tolerances:
    """The table, ready to be asked. `largest` is the size in bytes beyond which `too_large` may be the response to any body.

    Those of `unjudged_if_described` are `unjudged` too where the description has them for the operation.
    For `late` seconds after its creation an object may be read with the status `not_yet`.
    """

    statuses: dict[str, frozenset[int]]
    largest: int
    too_large: int
    unjudged: dict[int, str]
    unanswered: dict[int, str]
    echo: tuple[dict[str, Any], ...]
    unjudged_if_described: dict[int, str] = field(default_factory=dict)
    unserved: frozenset[int] = frozenset()
    late: float = 0.0
    not_yet: int = 404
    may_merge: bool = False
    defaults_may_be_absent: bool = False

    def allows(self, kind: str, status: int) -> bool:
        """Return whether a request of that kind may be responded with that status."""
        return status in self.statuses[kind]

    def says(self, kind: str) -> str:
        """Return the allowed statuses, for a message."""
        return " or ".join(map(str, sorted(self.statuses[kind])))

    def kinds_at(self, node: Node) -> dict[str, dict[str, Any]]:
        """Return the kinds of difference that are allowed at a field, each with its entry."""
        return {entry["kind"]: entry for entry in self.echo if _applies(entry, node)}

    def places_of(self, kind: str) -> tuple[str, ...]:
        """Return the places at which a kind of difference is allowed."""
        return tuple(place for entry in self.echo if entry["kind"] == kind for place in entry.get("places", ()))


def _applies(entry: dict[str, Any], node: Node) -> bool:
    if "matches" in entry:
        pattern = node.get("pattern")
        return pattern is not None and all(_matches(pattern, sample) for sample in entry["matches"])
    if "format" in entry:
        return bool(node.get("format") == entry["format"])
    return any(fnmatchcase(node.path, glob) for glob in entry["places"]) if "places" in entry else True


@cache
def _matches(pattern: str, sample: str) -> bool:
    return bool(jsonschema_rs.is_valid({"pattern": pattern}, sample))


def tolerances_of(contract: Contract) -> Tolerances:
    """Return the tolerances for every contract together with those of this one."""
    found, is_for_own = _read(contract.data.tolerances)
    found = replace(found, unserved=frozenset()) if is_for_own and not contract.is_own else found
    more = {status: why for status, why in found.unjudged_if_described.items() if str(status) in contract.described}
    return replace(found, unjudged=found.unjudged | more) if more else found


@cache
def _read(own: Path | None) -> tuple[Tolerances, bool]:
    """Return the tolerances, and whether operations may be left out of the contract's own description alone."""
    data = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    more = yaml.load(own.read_text(encoding="utf-8"), yaml.CSafeLoader) if own else {}
    found = Tolerances(
        statuses={kind: frozenset(entry["allowed"]) for kind, entry in (data["statuses"] | more.get("statuses", {})).items()},
        largest=data["size"]["bytes"],
        too_large=data["size"]["status"],
        unjudged={int(status): why for status, why in data["unjudged"].items()},
        unanswered={int(status): why for status, why in data["unanswered"].items()},
        unjudged_if_described={int(status): why for status, why in data["unjudged-if-described"].items()},
        echo=(*data["echo"], *more.get("echo", ())),
        unserved=frozenset(more.get("unserved", {}).get("statuses", ())),
        late=data["late"]["seconds"],
        not_yet=data["late"]["status"],
        may_merge="merged" in more.get("override", {}).get("ways", ()),
        defaults_may_be_absent=data["defaults"]["may-be-absent"],
    )
    return found, more.get("unserved", {}).get("description") == "own"


def compiled(entry: dict[str, Any], key: str) -> re.Pattern[str]:
    """Return a regular expression of an entry."""
    return re.compile(entry[key])
