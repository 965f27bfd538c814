"""The requirements table: which rules test which sentence of the documentation (`openapi/requirements.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import Path

import yaml

import openapi
from openapi.catalogue import Catalogue
from reports.record import RequirementEntry

TABLE = Path(openapi.__file__).parent / "requirements.yaml"


def requirement_entries(catalogue: Catalogue) -> Iterator[RequirementEntry]:
    """Each sentence with the rules of the catalogue that test it."""
    data = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    rows = data["requirements"] if isinstance(data, dict) else data
    for row in rows:
        rules = [rule for glob in row.get("rules") or () for rule in _matching(catalogue, glob)]
        yield RequirementEntry(
            id=str(row["id"]),
            section=row.get("section", ""),
            sentence=row["sentence"],
            rules=list(dict.fromkeys(rules)),
            reason=row.get("reason"),
        )


def _matching(catalogue: Catalogue, glob: str) -> list[str]:
    if glob in catalogue.rules:
        return [glob]
    fits = re.compile(translate(glob)).match
    return [rule for rule in catalogue.rules if fits(rule)]
