"""Plans on disk from run to run: expensive parts that follow from the description alone, under its digest.

A file that is damaged, or cannot be read or written, costs only the time of planning anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path as File
from typing import Any

import platformdirs

import openapi
import strategies
from openapi.catalogue import Catalogue
from openapi.coercion.parsers import ALL
from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.case import Aim
from strategies.coverage.packing import Pack
from strategies.negative.violations import Violation
from strategies.plan.budget import CaseBudget
from strategies.plan.corpus import Corpus
from strategies.plan.plan import Plan

_KEPT = 12  # files; older ones are removed


def cached_plan(catalogue: Catalogue, budget: CaseBudget, folder: File, reads: frozenset[str] = ALL) -> Plan:
    """Return the plan with the parts that an earlier run stored."""
    plan = Plan(catalogue, budget, reads=reads)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        _restore(plan, json.loads(_file(plan, folder).read_text(encoding="utf-8")))
    return plan


def store(plan: Plan, folder: File) -> None:
    """Store what was planned and verified, if the run planned everything and much of it is new."""
    file = _file(plan, folder)
    is_planned = plan.maker.known(plan.oracle.root) is not None and plan.is_planned
    if not is_planned or (file.exists() and not plan.verification.are_many_new):
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(_kept(plan)), encoding="utf-8")
        unfinished.replace(file)
        for old in sorted(folder.glob("plan-*.json"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()


def default_folder() -> File:
    """Return the folder of this user's caches."""
    return File(platformdirs.user_cache_path("ultravox-conformance", appauthor=False))


def _file(plan: Plan, folder: File) -> File:
    """Return the file for this description, as this code would plan it."""
    settings = [plan.few, sorted(plan.reads)]
    # Not sorted: cases are in the order of the members that the description states.
    reported = json.dumps([plan.catalogue.contract.request, settings, *_planner()])
    return folder / f"plan-{hashlib.sha256(reported.encode()).hexdigest()[:32]}.json"


@cache
def _planner() -> tuple[list[tuple[str, int, int]], str]:
    """Return what distinguishes the code that plans from other versions of it: its files, and the version of the validator."""
    packages = (File(package.__file__ or "").parent for package in (openapi, strategies))
    sources = sorted(path for package in packages for path in package.rglob("*") if path.suffix in (".py", ".yaml"))
    stamps = [(path.name, (found := path.stat()).st_size, found.st_mtime_ns) for path in sources]
    return stamps, metadata.version("jsonschema-rs")


def _nodes(plan: Plan) -> Iterator[tuple[str, Node]]:
    """Yield the body, and its members by name."""
    yield "", plan.oracle.root
    yield from plan.oracle.root.properties.items()


def _kept(plan: Plan) -> dict[str, Any]:
    return {
        "packs": {name: [_pack(pack) for pack in plan.maker.packs(node)] for name, node in _nodes(plan)},
        "violations": {rule: [[v.body, v.path, v.label] for v in found] for rule, found in plan.violations.items()},
        "paired": [list(map(_pack, packs)) for packs in plan.paired] if "paired" in vars(plan) else None,
        "corpus": _of_corpus(plan.corpus) if "corpus" in vars(plan) else None,
        "implementation_defined": {
            label: [[body, path, _aim(aim)] for body, path, aim in found]
            for label, found in plan.implementation_defined.items()
        },
        "verification": sorted(plan.verification.known),
    }


def _restore(plan: Plan, kept: dict[str, Any]) -> None:
    packs = {name: _packs(found) for name, found in kept["packs"].items()}
    found: dict[str, Any] = {
        "violations": {
            rule: [Violation(rule, body, tuple(path), label) for body, path, label in each]
            for rule, each in kept["violations"].items()
        },
        "implementation_defined": {
            label: [(body, tuple(path), _to_aim(aim)) for body, path, aim in each]
            for label, each in kept["implementation_defined"].items()
        },
    }
    if kept["paired"] is not None:
        found["paired"] = tuple(map(_packs, kept["paired"]))
    if kept["corpus"] is not None:
        found["corpus"] = _to_corpus(kept["corpus"])
    plan.verification.remember(map(str, kept["verification"]))
    for name, node in _nodes(plan):
        plan.maker.set(node, packs[name])
    vars(plan).update(found)


def _packs(kept: Json) -> list[Pack]:
    return [Pack(value, tuple(map(_to_aim, aims))) for value, aims in kept]


def _of_corpus(corpus: Corpus) -> Json:
    return [corpus.rich_bodies, corpus.places, corpus.known]


def _to_corpus(kept: Json) -> Corpus:
    rich_bodies, places, known = kept
    return Corpus(rich_bodies, {path: (body, tuple(inner)) for path, (body, inner) in places.items()}, known)


def _pack(pack: Pack) -> Json:
    return [pack.value, [_aim(aim) for aim in pack.aims]]


def _aim(aim: Aim) -> Json:
    return [aim.rule, aim.path, aim.label]


def _to_aim(kept: Json) -> Aim:
    rule, path, label = kept
    return Aim(rule, tuple(path), label)
