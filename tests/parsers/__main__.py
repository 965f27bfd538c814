"""Asks every parser again and writes the table of coerced values, or holds the suite against the parsers.

`python -m tests.parsers` writes the table. `python -m tests.parsers --bodies 50000` asks the parsers about so many drawn
bodies and as many mutations, and prints each difference; the tests ask about some hundreds.
"""

from __future__ import annotations

import argparse
import sys

from openapi.coercion.parsers import TABLE
from tests.parsers.bodies import drawn, mutations, plan_of, planned
from tests.parsers.differential import Difference, lenient_mutations, lenient_readings, refused_readings
from tests.parsers.known import PARSERS
from tests.parsers.table import write


def main() -> int:
    """Do as the arguments say; 1 if the suite and a parser differ, 2 if a parser is not installed."""
    arguments = argparse.ArgumentParser(prog="python -m tests.parsers", description=__doc__)
    arguments.add_argument("--bodies", type=int, metavar="N", help="compare on N drawn and N mutated bodies")
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    absent = [f"{parser.title}: {problem}" for parser in PARSERS.values() if (problem := parser.missing()) is not None]
    if absent:
        print("\n".join(absent), file=sys.stderr)
        return 2
    if chosen.bodies is None:
        write()
        print(f"{TABLE.name} is written")
        return 0
    found = differences(chosen.bodies, chosen.seed)
    print("\n".join(map(str, found)) or "no difference")
    return 1 if found else 0


def differences(count: int, seed: int) -> list[Difference]:
    """Return every difference between the suite and the parsers over planned bodies, and `count` drawn and mutated ones."""
    plan, cases, changed = plan_of(), [*planned(), *drawn(count, seed)], mutations(count, seed)
    return [
        difference
        for parser in PARSERS.values()
        for found in (
            lenient_readings(plan, parser, cases),
            refused_readings(plan, parser, cases),
            lenient_mutations(plan, parser, changed),
        )
        for difference in found
    ]


if __name__ == "__main__":
    sys.exit(main())
