"""`fixtures`: valid and invalid bodies as files, for anyone who wants to test a client or a server with them."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from conformance.cli.options import catalogue_from
from conformance.cli.parser import CommandError
from conformance.cli.run_directory import writable
from conformance.profiles import PROFILES
from openapi.catalogue import Catalogue
from openapi.rules import Basis
from strategies.case import Case, Side
from strategies.plan.mutators import mutated
from strategies.plan.plan import Plan

_EXPECTED = {Side.ACCEPTS: "accepted", Side.MAY: "either", Side.REJECTS: "refused", Side.PROBE: "undocumented"}


def main(options: argparse.Namespace) -> int:
    """Writes the bodies, and `index.json` that tells of each what it is about and what should come of it."""
    catalogue = catalogue_from(options)
    if options.select and not catalogue.select(options.select):
        raise CommandError(f"--select {' '.join(options.select)}: no rule has such an id")
    out = writable(options.out)
    index = []
    wanted = {rule.id for rule in catalogue.select(options.select)}
    try:
        _forget(out)
        for number, case in enumerate(_cases(catalogue, options.profile), 1):
            if wanted.intersection(case.rules()):
                index.append(_write(out, number, case, _expected(catalogue, case)))
        (out / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--out {out}: {error.strerror or error}") from error
    print(f"{len(index)} bodies in {out}, told of in {out / 'index.json'}")
    return 0


def _forget(out: Path) -> None:
    """Removes the bodies that were written here before: they would stand among those that the index tells of."""
    if (out / "index.json").is_file():
        for folder in set(_EXPECTED.values()):
            for body in (out / folder).glob("[0-9]*-*.json"):
                body.unlink()


def _cases(catalogue: Catalogue, name: str) -> Iterator[Case]:
    profile = PROFILES[name]
    plan = Plan(catalogue, few=profile.few)
    yield from plan.accepts()
    yield from plan.combinations(profile.combinations)
    yield from plan.may()
    yield from plan.rejects()
    if profile.in_context:
        yield from plan.in_context()
    yield from mutated(plan, profile.mutated_fields)


def _expected(catalogue: Catalogue, case: Case) -> str:
    """What should come of a body. What only an implied rule forbids, a conforming server may accept."""
    rule = catalogue.rules.get(case.rule)
    if case.side is Side.REJECTS and rule is not None and rule.basis is not Basis.DOCUMENTED:
        return "either"
    return _EXPECTED[case.side]


def _write(out: Path, number: int, case: Case, expected: str) -> dict[str, object]:
    folder = out / expected
    folder.mkdir(exist_ok=True)
    stem = re.sub(r"[^A-Za-z0-9.]+", "-", f"{case.rule or 'body'}-{case.label}")[:120].strip("-.")
    path = folder / f"{number:04d}-{stem}.json"
    path.write_bytes(case.content or b"")
    return {"file": str(path.relative_to(out)), "expected": expected, "rules": case.rules(), "what": case.label}
