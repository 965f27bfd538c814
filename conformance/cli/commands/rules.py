"""`rules`: the catalogue as a list."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from conformance.cli.options import catalogue_from, selected
from openapi.catalogue import Catalogue
from openapi.rules import Rule
from openapi.schema.keywords import makes_rule
from openapi.schema.nodes import EACH, Node
from reports.exit_status import ExitStatus
from reports.quantities import plural
from strategies.plan.plan import Plan


def main(options: argparse.Namespace) -> int:
    """Print the rules, with notes about the description on stderr; return the exit status."""
    catalogue = catalogue_from(options)
    selected([catalogue], options.select)
    rules = catalogue.select(options.select)
    if options.notes:
        return _print_notes(catalogue, rules, as_json=options.json)
    if options.json:
        print(json.dumps([dataclasses.asdict(rule) for rule in rules], indent=1, ensure_ascii=False))
    else:
        width = max((len(rule.id) for rule in rules), default=0)
        for rule in rules:
            print(f"{rule.id:{min(width, 70)}}  {rule.level:6} {rule.basis:12} {rule.requirement}")
        print(plural(len(rules), "rule"), file=sys.stderr)
    for note in catalogue.notes:
        print(f"note: {note}", file=sys.stderr)
    return ExitStatus.DONE


def _print_notes(catalogue: Catalogue, rules: list[Rule], *, as_json: bool) -> int:
    """Print what has no rule, and the rules of the body that no request can violate; return the exit status."""
    violated = Plan(catalogue).violations
    of_bodies = [rule.id for rule in rules if rule.id.startswith("body.") and not rule.id.endswith(_OF_RESPONSES)]
    notes = [*catalogue.notes, *(f"{rule}: no violation could be constructed" for rule in of_bodies if rule not in violated)]
    free = [f"body.{node.path}".rstrip(".") for node in catalogue.body.walk() if _admits_anything(node)]
    if as_json:
        print(json.dumps({"notes": notes, "count": len(notes), "any-value": free}, indent=1, ensure_ascii=False))
    else:
        print("\n".join([*notes, f"{len(notes)} notes", *([f"Any value is valid for {', '.join(free)}."] if free else [])]))
    return ExitStatus.DONE


def _admits_anything(node: Node) -> bool:
    """Return whether a described place admits any value; what stands for members of any name says nothing else anyway."""
    is_ruled = any(makes_rule(each.keyword, each.value) for each in node.constraints) or node.named or node.properties
    return not is_ruled and node.place[-1:] != (EACH,)


_OF_RESPONSES = (".echo", ".default")  # rules of the body that only responses can violate
