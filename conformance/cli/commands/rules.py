"""`rules`: the catalogue as a list."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from conformance.cli.options import catalogue_from, selected


def main(options: argparse.Namespace) -> int:
    """Print the rules; notes about the description go to stderr."""
    catalogue = catalogue_from(options)
    selected(catalogue, options.select)
    rules = catalogue.select(options.select)
    if options.json:
        print(json.dumps([dataclasses.asdict(rule) for rule in rules], indent=1, ensure_ascii=False))
    else:
        width = max((len(rule.id) for rule in rules), default=0)
        for rule in rules:
            print(f"{rule.id:{min(width, 70)}}  {rule.level:6} {rule.basis:12} {rule.requirement}")
        print(f"{len(rules)} rules", file=sys.stderr)
    for note in catalogue.notes:
        print(f"note: {note}", file=sys.stderr)
    return 0
